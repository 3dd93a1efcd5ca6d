"""What a figure's surroundings say about it: topic, channel, year, whose it is, and its basis."""
