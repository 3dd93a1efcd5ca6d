"""What reports say of each other: of consecutive years of one agency, of a body and its parts.

Pure functions: reports in, comparisons out; `compare_years` in `timeline.py` is the way in.
"""
