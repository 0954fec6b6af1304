"""How long what is kept is kept, what is under hold, and what a records officer may hand out."""
