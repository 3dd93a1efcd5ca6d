"""Which names are the same body's, and which body is part of which.

Names are compared by a key, and printed as they stand. 青屿县2023年… and 青屿县人民政府2024年… are
one body; 市财政局 without its city is no name that could be compared.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from nlp.reading import fold

_NOT_LETTERS = re.compile(r"[\s“”\"'‘’《》()（）\[\]【】·•*_:：,，。-]")
_HAN = "[一-鿿]"
# 市场 and 城乡 are no places
_WORDS = re.compile(
    r"城市|城乡|乡村|乡镇|城镇|都市|市场|市政|市容|市民|县域|区域|区划|社区|街区|园区|校区|景区|矿区|林区|牧区|库区"
    r"|灾区|辖区|地区|保税区|自贸区|工业区|高新区|经开区|开发区|示范区|试验区|新区|特区"
)
_LEVEL = "省市州盟县区旗镇乡"
_PLACE = re.compile(rf"{_HAN}(?:自治区|街道|[{_LEVEL}])")
_GOVERNMENT = re.compile(rf"(?:自治区|街道|地区|新区|开发区|[{_LEVEL}])$")
_STARTS_BELOW = re.compile(rf"^(?:自治区|街道|[{_LEVEL}我本该各全])")
_NATIONAL = re.compile(r"^(?:国家|中国|中华|全国|国务院|中央)|(?:部|总局|署)$")
_INSTITUTION = re.compile(r"(?:大学|学院|学校|中学|小学|医院|集团|公司|兵团|海关|银行)$")
_HAS_ZONE = re.compile(r"(?:高新|开发|经开|产业|工业|保税|示范|试验|新|园)区")
_ZONE = re.compile(
    r"高新|技术|产业|经济|工业|综合|旅游|保税|自由|贸易|试验|示范|生态|国家级|省级|开发|新|园|区|管理|委员会|管委会"
)
_PROVINCE = re.compile(rf"^{_HAN}{{2,8}}?(?:省|自治区)(?={_HAN}{{2,8}}?(?:[市州盟县旗]|地区))")
_SECOND_NAME = re.compile(r"[（(][^（）()]*(?:局|委|委员会|办公室|中心)[）)]$")
# Bodies use the long and the short form of a name in turn; no place has one body of each.
_SHORT = (
    ("委员会", "委"), ("监督管理", "监管"), ("发展改革", "发改"), ("住房城乡建设", "住建"), ("环境保护", "环保"),
    ("人力资源社会保障", "人社"), ("卫生健康", "卫健"), ("工业信息化", "工信"), ("文化旅游", "文旅"),
    ("教育体育", "教体"), ("科学技术", "科技"), ("住房公积金", "公积金"), ("国家税务局", "国税局"),
    ("地方税务局", "地税局"),
)  # fmt: skip
_LEAST_NAME = 2


@dataclass(frozen=True, slots=True)
class Agency:
    """A body by its name: `key` is the same for the same body, `full` also has the province that
    some titles put before a city. `governs` where it is the government of a place."""

    key: str
    full: str
    governs: bool


def agency_of(name: str | None) -> Agency | None:
    """The body that a printed name means; None where the name fits many bodies (县教育局)."""
    full = _bare(name or "")
    if len(full) < _LEAST_NAME or _STARTS_BELOW.match(full) or not _is_someone(full):
        return None
    rest = full[_end_of_province(full) :]
    return Agency(rest, full, bool(_GOVERNMENT.search(full)))


def parent_of(agency: Agency, governments: Collection[str]) -> str | None:
    """The key of the nearest government, of those given, whose place the body's name begins with."""
    for name in dict.fromkeys((agency.key, agency.full)):
        for end in range(len(name) - 1, 0, -1):
            if name[:end] in governments and name[:end] != agency.key:
                return name[:end]
    return None


def _bare(name: str) -> str:
    """The letters of a name, simplified, without the words that come and go: 人民政府, 办事处."""
    name = _SECOND_NAME.sub("", fold(name).strip())
    letters = _NOT_LETTERS.sub("", name).replace("人民政府", "政府")
    letters = re.sub(r"街道(?:办事处|办)$", "街道", letters)
    letters = re.sub(r"(?<=区)(?:管理委员会|管委会)$", "", letters)
    letters = re.sub(rf"(?<=[{_LEVEL}])政府(?=$|.+街道$)", "", letters)
    letters = re.sub(rf"(?<={_HAN}{{3}})和(?=(?![平县林静田顺龙硕政布]){_HAN}{{2}})", "", letters)
    for long, short in _SHORT:
        letters = letters.replace(long, short)
    return letters


def _is_someone(letters: str) -> bool:
    if _NATIONAL.search(letters) or _INSTITUTION.search(letters):
        return len(letters) > _LEAST_NAME
    words = _WORDS.sub("　", letters)
    if _PLACE.search(words):
        return True
    return bool(_HAS_ZONE.search(letters)) and len(_ZONE.sub("", letters)) >= _LEAST_NAME


def _end_of_province(full: str) -> int:
    """Where 南京市… begins in 江苏省南京市…; 0 in 江苏省财政厅 and 江苏省市场监督管理局."""
    found = _PROVINCE.match(_WORDS.sub(lambda word: "　" * len(word.group()), full))
    return found.end() if found else 0
