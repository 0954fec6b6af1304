"""Keeping and letting go: the retention schedule, legal holds, one person's data, and exports of public records."""
