"""wirekin polls feeds and news pages, tells each event once, and answers "what else is being said about this?"."""

__version__ = "0.1.0"
