"""What a school and its ILD keep between visits: the thread, what was promised, what is handed over."""
