"""What the words of a list's parts say: whether they divide their whole, and leave nothing out."""

from __future__ import annotations

import re
from collections.abc import Sequence

# 其他, 其余, 余下: what is left when the others are named.
_REST = re.compile(r"(?:^|[，、；：及和])(?:以及)?(?:作|作出)?(?:其[他它余]|余下|剩余|剩下)")
_ALSO = re.compile(r"^[，；]?(?:另有|还有|另)")
_ALL = re.compile(r"全部|均|都(?!市)")
_SHARED = "，。；：、的了其中包括和及与为共"
# Words that say what was done with a thing, not of what kind it is.
_DONE = re.compile(
    r"举办|举行|参加|参与|出席|开展|召开|采纳|涉及|线上|线下|累计|接受|完成|已|新增|更新|原创|转[发载]|网站|微信|微博|公众号|客户端|平台|渠道"
)
_OUTCOME = re.compile(
    r"维持|驳回|纠[错正]|撤销|撤回|撤诉|终止|中止|确认违法|责令|败诉|胜诉|不予受理|审结|审理|在审|调解|其[他它]"
)
# A policy is explained in writing, in pictures and in films; a list without one of these is open.
_FORMS = (r"文字|文稿|文本", r"图[解表文片示]|长图|漫画|H5", r"视频|音频|动[漫画]")
_OWN_LEVEL = re.compile(r"[省市州县区盟旗][（(]?[本直]?级|[省市州县区盟旗]直|本级|机关")
_LOWER = re.compile(
    r"各(?:[省市州县区镇乡旗]|街道)|(?:[县市区乡镇旗][（(、][市区县街镇旗])|乡镇|镇街|街道|区县|县区"
)
_PLACE = re.compile(
    r"(?:[省市州县区镇乡旗局院委厅处]|街道|政府|办公室|法院|中心|部门|单位|学院|公司)$"
)
_CLAUSES = re.compile(r"[，；：,;]")
_BRACKETS = re.compile(r"[（(][^（()）]*[）)]")
_SHARE = re.compile(r"^(?:约)?占|^同比|^增长|^下降|^较上年|^比上年")
_DIGIT = re.compile(r"[\d%％]|[一二两三四五六七八九十]+[件条次个篇]")


def is_rest(words: str) -> bool:
    """Whether a part is what the others leave (其他信息5条, 其余3件)."""
    return bool(_REST.search("，" + words.lstrip("，、；：。")))


def is_other(words: str) -> bool:
    """Whether a part is 其他, and not what is left over when all were counted (剩余6件在办)."""
    return bool(re.match(r"[，、；：及和]*(?:以及)?(?:作|作出)?其[他它]", words))


def closes(total: str, last: str) -> bool:
    """5件申请全部…，另有1件: the last of all that the total counts."""
    return bool(_ALL.search(total) and _ALSO.match(last))


def is_near(between: str) -> bool:
    """Whether a list goes on between two of its parts: nothing stands there but what describes
    these, shares, figures in other units and brackets; no clause of its own."""
    clauses = _CLAUSES.split(_BRACKETS.sub("", between))
    inner = [clause for clause in clauses[1:-1] if clause]
    if "。" in between or any("率" in clause and "%" in clause for clause in clauses):
        return False
    return all(_SHARE.match(clause) or _DIGIT.search(clause) for clause in inner)


def forms(words: Sequence[str]) -> bool:
    """文字、图解、视频: the three forms that an explanation may take, and perhaps others."""
    return all(any(re.search(form, one) for one in words) for form in _FORMS)


_PEOPLE = re.compile(r"自然人|公民|个人|居民|村民")
_BODIES = re.compile(r"法人|组织|企业|公司|机构|事务所|律师|团体|单位|媒体")
_OPENNESS = (r"主动公开", r"依申请公开", r"不予公开|不公开")


def named_all(words: Sequence[str]) -> bool:
    """Applicants of both sorts; documents of the three sorts that the Regulations know."""
    if len(words) == len(_OPENNESS):
        return all(any(re.search(sort, one) for one in words) for sort in _OPENNESS)
    bodies = [one for one in words if _BODIES.search(one)]
    people = [one for one in words if _PEOPLE.search(one)]
    return bool(people and bodies) and len(people) + len(bodies) == len(words)


def all_ways(words: Sequence[str]) -> bool:
    """The four ways in which the Regulations let one apply (…，信函、传真申请5件)."""
    joined = "，".join(words)
    return all(re.search(way, joined) for way in ("当面|现场", "网|电子邮件", "信函|邮寄", "传真"))


def excepts(words: Sequence[str], between: str) -> bool:
    """39件中，除3件内容敏感外，36件已公开: one part is the exception to the other."""
    return len(words) == 2 and bool(re.search(r"[^排]?除$|除了?$", words[0])) and "外，" in between


def outcomes(words: Sequence[str]) -> bool:
    """Three different ends that a case has come to, or more."""
    found = [_OUTCOME.search(one) for one in words]
    return all(found) and len({one.group() for one in found if one}) >= 3


def levels(words: Sequence[str]) -> bool:
    """市级…、各县（市）…: one's own offices and all below them."""
    own = [bool(_OWN_LEVEL.search(one)) and not _LOWER.search(one) for one in words]
    lower = [bool(_LOWER.search(one)) for one in words]
    each = all(a or b for a, b in zip(own, lower, strict=True))
    return own.count(True) == 1 and len(words) <= 4 and each


def places(words: Sequence[str]) -> bool:
    """Different bodies, each named."""
    bare = [one.strip("，、；：。其中（(") for one in words]
    return len(set(bare)) == len(bare) and all(_PLACE.search(one) for one in bare)


def parallel(words: Sequence[str]) -> bool:
    """Three kinds of thing or more, named by nouns."""
    bare = [_BRACKETS.sub("", one).strip("，、；：。其中（(的有") for one in words]
    return len(bare) >= 3 and all(0 < len(one) <= 16 and not _DONE.search(one) for one in bare)


def share_a_word(words: Sequence[str]) -> bool:
    """动态类信息发布, 解读类信息发布: words of the same make."""
    return bool(set(words[0]).intersection(*map(set, words[1:])) - set(_SHARED))
