"""The school calendar and people's own calendars: read, changed, heeded and published."""
