"""The trained half: what a figure counts, and what a clause is, judged from the words around."""
