"""Metrics that divide a total in one way: channels, applicants, replies, roles."""

from __future__ import annotations

import re

CHANNELS = re.compile(
    r"^(?:disclosure\.(?:gazette|website|weibo|wechat|other_channels)|response\.(?:weibo_wechat|other)_events)$"
)
_KINDS = (
    re.compile(r"^request\.received_(?:in_person|fax|online|letter|other)$"),
    re.compile(r"^request\.received_(?:individuals|organisations)$"),
    re.compile(r"^reply\.|^request\.carried_out$"),
    re.compile(r"^(?:review|litigation)\.(?:upheld|corrected|other|pending)$"),
    re.compile(r"^proposal\.(?:\w+_)?(?:lead|co)$"),
    re.compile(r"^proposal\.(?:npc|cppcc)$"),
    re.compile(r"^request\.closed_(?:on_time|extended)$"),
    re.compile(r"^archive\.(?:paper|electronic)$"),
    re.compile(r"^staff\.(?:full|part)_time$"),
    re.compile(r"^media\.accounts$"),
    CHANNELS,
)
WAYS_TO_APPLY, APPLICANTS, REPLIES = 0, 1, 2  # places in _KINDS
EXHAUSTIVE = {0, 3}  # the ways to apply, and what became of a case
PAIRS = (
    {"proposal.lead", "proposal.co"}, {"proposal.npc_lead", "proposal.npc_co"}, {"proposal.npc", "proposal.cppcc"},
    {"proposal.cppcc_lead", "proposal.cppcc_co"}, {"staff.full_time", "staff.part_time"},
    {"request.closed_on_time", "request.closed_extended"}, {"archive.paper", "archive.electronic"},
    {"request.received_individuals", "request.received_organisations"},
)  # fmt: skip
# The ways in which the Regulations let one apply: a list of all four leaves none out.
WAYS = {
    "request.received_in_person", "request.received_online", "request.received_letter", "request.received_fax",
}  # fmt: skip


def kind_of(metric: str) -> int:
    """The number of the kind that a metric is of, -1 where it is of none."""
    return next((number for number, kind in enumerate(_KINDS) if kind.match(metric)), -1)
