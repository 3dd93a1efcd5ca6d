"""placeholder"""

from __future__ import annotations


class Retraining:
    pass
