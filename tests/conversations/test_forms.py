"""Forms for what can be said in words, too: a visit that nobody planned, a memo to paste."""
