"""Memos come in: every way in, versions of one memo, what is said to its sender, and what units read of it."""
