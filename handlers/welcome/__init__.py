"""Where one begins: what the home screen says to each role, first contact, the tour, and where one is."""
