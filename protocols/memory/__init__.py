"""What is remembered between visits: one thread for a principal and a school, and what became of what was agreed.

``thread`` holds the thread and the three lines a visit opens with, ``products`` when somebody is asked for what
they promised, ``follow_through`` the two shares that an ILD sees of her own visits.
"""
