"""Protected time: its policy, what offices ask to take of it, and who stands in the way of asking principals."""
