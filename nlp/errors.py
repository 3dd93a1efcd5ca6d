"""One family of errors: what is wrong, where, what to do; and the exit status of each.

Every error that a user can cause is a `ReportError` with a stable `code`. Commands print
`str(error)` as one line and leave with `error.status`; anything else is a bug of ours.

Exit statuses: 0 done, 1 differences found and `--fail-on` given, 2 wrong usage,
3 unreadable input, 4 rules or model missing or corrupt.
"""

DIFFERENCES_FOUND = 1
WRONG_USAGE = 2
UNREADABLE_INPUT = 3
BROKEN_INSTALLATION = 4


class ReportError(Exception):
    """Something a user can mend: `code` for machines, `where` and `advice` for readers."""

    status = UNREADABLE_INPUT

    def __init__(self, code: str, problem: str, *, where: str = "", advice: str = "") -> None:
        self.code = code
        self.problem = problem
        self.where = where
        self.advice = advice
        super().__init__(problem)

    def __str__(self) -> str:
        line = f"{self.where}：{self.problem}" if self.where else self.problem
        return " ".join(f"{line}；{self.advice}".split()) if self.advice else " ".join(line.split())


class InputError(ReportError):
    """A file that cannot be read as a report (exit status 3)."""


class InstallationError(ReportError):
    """Rules, templates or a model that are missing, corrupt or of a foreign version (exit status 4)."""

    status = BROKEN_INSTALLATION
