"""Letting go of what has had its time, holds on it, forgetting people, and what each table holds about whom."""
