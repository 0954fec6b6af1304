"""The weekly digest: built, previewed, sent once, answered, and the deadlines that follow from it."""
