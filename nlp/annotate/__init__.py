"""The annotation page: what was read, confirmed or corrected by a person, and learned from.

Data flow: `sources` (paths) → `library` (reports read, tasks found by `figures` and `items`) →
`queue` (which task next) → `session` (what a person decides) → `decisions` (a log that is only
appended to) → `export` (training examples) → `retraining`. `server` and `views` are the page.
"""
