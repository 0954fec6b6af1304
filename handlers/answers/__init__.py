"""Questions about visits, protected time and mandates, answered in numbers."""
