"""Where things stand in a report: tables, sections, running text, sentences."""
