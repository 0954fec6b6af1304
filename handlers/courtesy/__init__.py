"""Being left in peace: hours, quiet, days away, snoozing, and one message instead of five."""
