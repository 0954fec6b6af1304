"""The centre held to the same account as the schools: what it promised, how it is seen, with whom it works."""
