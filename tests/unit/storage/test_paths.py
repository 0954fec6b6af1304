"""No user waits for a walk through all visits or all messages: what the database plans to read is asked of it.

The district is small but its tables are told to be large (``sqlite_stat1``), so that the plans are those of ten years.
"""
