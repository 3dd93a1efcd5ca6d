"""What becomes of a report result: JSON, a screen of text, later tables and a web page."""
