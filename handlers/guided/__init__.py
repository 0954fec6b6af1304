"""Guided runs: beginning, answering, waiting, ending; and adapting the protocols they follow."""
