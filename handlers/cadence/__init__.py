"""The rhythm of visits: planning, holding, moving, cancelling and counting them, and saying when a school slips."""
