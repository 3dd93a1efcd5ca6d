"""What the reports of a batch come to: `python -m nlp.batch summary`."""
