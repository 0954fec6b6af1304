"""Databases as released versions left them, and that this version takes them over."""
