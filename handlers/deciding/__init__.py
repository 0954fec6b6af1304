"""The ILD's desk: what waits, the ways to decide it, rules, challenges and the minutes a week may hold."""
