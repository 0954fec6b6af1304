"""The outside world: platforms, rendering, delivery, the clock and the command line; the only floor with frameworks."""

__version__ = "0.2.0"
