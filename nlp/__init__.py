"""Reads Chinese government-information disclosure reports: figures, problems, plans, and what contradicts what."""

__version__ = "0.1.0"
