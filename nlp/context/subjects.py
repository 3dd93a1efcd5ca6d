"""Whose figure it is: the reporting body's, or another's whom the sentence names.

A name counts only where a subject stands: at the head of a clause (区财政局全年公开…) or right
before the figure (某县15期). Names inside a phrase (在省电视台, 向档案馆, 市政府网站) do not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_HAN = r"[一-鿿]"
_SUFFIX = (
    r"(?:人民)?政府(?:办公[厅室])?|政府办公[厅室]|政府办|管委会(?:办公室)?|管理委员会(?:办公室)?|委员会|街道办事处|街道办|街道|公安局|分局|支队|大队"
    r"|总队|集团|公司|法院|检察院|医院|学院|(?:保健|卫生|研究|科学|设计|敬老|福利|检[验测疫])院|大学|学校|事业单位|服务中心|管理中心|政务中心|信息中心|投诉中心|交易中心|中心"
    r"|(?<!大)(?<!客)厅|(?<![全格布大结当时战棋])局|(?<!党)(?<!纪)(?<!编)委|(?<![社园专地小辖城景校片战新老各全我本分划])区|(?<![各全我本])县"
    r"|(?<![城各全我本上超])市|(?<![城各全我本])镇|(?<![城各全我本下])乡|旗|州|办公[厅室]|(?<![主承协督交领经筹开举创兴代会分合帮采快独单])办|支行|税务局|法制办"
    r"|(?:研究|监督|司法|派出|管理|执法|检[验测定疫]|工商|财政)所|(?:推广|监测|管理|监督|服务|防疫|检疫|工作|执法|兽医|文化|环卫|植保|水保|农机|种子|供水|总)站(?!点)"
)
_NAME = rf"{_HAN}{{1,14}}?(?:（{_HAN}{{1,6}}）)?(?:{_SUFFIX})(?:（{_HAN}{{1,8}}）)?"
_COLLECTIVE = (
    r"各(?:省|自治[区州县旗]|县|市|区|镇|乡|旗|州|盟|街道|、|（|）|\(|\)|和|及|办事处){1,14}(?:[一-鿿]{0,8}局)?(?:(?:、|和|及)各?(?:市直|县直|区直|州直|有关)?(?:部门|单位))?|(?:[省市县区镇州盟旗]|自治区)(?:人民)?(?:政府)?本级|[省市县区镇乡州]级(?:各)?(?:部门|机关|单位)|[省市县区镇乡州]级(?!政|公|信|网|平|查|以|领|媒|人|主|重|融)"
    r"|[省市县区州]政府(?:各|组成|工作)(?:组成|工作)?部门|[市县区州]（[市县区州、]{1,5}）(?:、[市县区州]（[市县区州、]{1,5}）)*"
    r"|(?:各)?[省市县区州](?:直|属)(?:各)?(?:部门|单位|机关)(?:及[^，。；]{0,8})?|各(?:地市|地州|地)|(?:所属|下属|直属|局属|厅属|委属)[^，。；]{0,8}?(?:单位|(?<!网)(?<!车)(?<!工作)站|中心|(?<!场)所|支队|大队)|基层(?:单位|所)"
    r"|其[他它余](?:部门|单位|县区|乡镇|地区)|兄弟[^，。；]{0,4}|[^，。；、]{0,16}等(?:公共)?企事业单位|乡镇(?:（街道）|街道)?|县区|区县|(?:县|区)（(?:市|区|县)[^）]{0,4}）(?:[一-鿿]{0,4}局)?"
)
_LEAD = re.compile(
    r"^(?:[^，。；]{0,14}的(?:部门|单位|区县|县区|县市|乡镇|地区|街道)?(?:依次|分别)?(?:是|有|为|包括)|[一二三四五六七八九十]+是|\ue000[个家]\ue001|其中|此外|另外|同时|另有|另|目前|截至[^，]{1,12}|全年|今年|本年度?|年内|20\d\d年度?|，|、|：|:|（|\(|以及|交由|由|经|是|还|\d{1,2}[.．、]|[（(][一二三四五六七八九十\d]+[）)])*"
)
_FOLLOWS = (
    r"(?=机关|本级|未|没有|共|全年|累计|本年|今年|年内|在|通过|利用|自行|自主|单独|各自|合计|收到|受理|公开|发布|主动|办理|承办|开展|组织|举办|召开|着力|及时|积极|严格|认真|结合|围绕|按照|依法"
    r"|推行|推进|创新|建立|设立|率先|代表|负责|已|均|分别|作出|答复|收取|编发|制作|不断|紧紧|紧扣|把|调整|首推|持续|依托|探索|获|将|对|向|就|也|为|有"
    r"|制定|出台|印发|接到|参加|完成|安排|配备|举行|录制|报送|推送|更新|上报|牵头|申请|现有|拥有|新增|开通|聚焦|加强|深入|充分|进一步|充实|做好|扎实|落实|以|办结|接听|聘请|坚持"
    r"|直接|作为|依申请|新收|收办|备案|审结|纠正|投入|被|另行|另外|另|还|先后|“?12\d{3}|\ue000|，|$)"
)
_NAMES = rf"(?:{_COLLECTIVE}|{_NAME})(?:(?:、|和|及|与|以及)(?:{_COLLECTIVE}|{_NAME}))*"
# 省政府及其部门11.7万条，市县两级274.7万条: parts of the whole; at the head of a clause they may be all of it
_TIERS = (
    r"[省市县乡镇村区州]政府及(?:其|所属|组成|工作|各|[省市县区州]直(?:各)?){0,3}部门"
    r"|[省市县乡镇村区州、]{2,6}[两二三]级"
)
_AT_HEAD = re.compile(rf"(?P<name>{_NAMES}){_FOLLOWS}")
_BEFORE_FIGURE = re.compile(
    rf"(?:^|[，。；：、（(和及有为是\ue001])(?:其中|包括|有|其余)*(?P<name>{_TIERS}|{_NAMES})(?:共|有|为|各|是|：|公开|发布|收到|受理|收取)*(?:[（(]|\ue000[^\ue001]{{0,8}}\ue001[、，]?)?$"
)
_SELF_HEAD = re.compile(
    r"^(?:我|本|全(?!年|文|面|国|程|力|部|体|员)|该|各级|各部门各单位|各单位各部门|各地各部门|各部门、各|各镇街、|政府信息|市民|群众|公众|社会)"
)
_NO_SUBJECT = re.compile(
    r"(?:充分|发挥|强化|完善|健全|优化|提升|做好|落实|规范|拓宽|丰富|深化|聚焦|突出|坚持|紧扣|主动|部分|不予|无法|其[他它]|政策|门户|政府网|官方|政务|信息|收到|受理|网|微|建议|提案|人大|政协|行政|依申请|予以|培训|新闻|在线|通过|利用|借助|依托|按照|根据|围绕|针对|为|在|向|对|从|由于"
    r"|挂靠|挂在|隶属|归口|提请|报请|提交|代拟|起草|报经|[省市县区州旗]本级(?:政府)?(?:编|出版|印发|刊)[^，。；]{0,8}公报|组织|举办|召开|开展|落实|加强|推进|参加|公开|发布|办理|承办|要求|督促|指导|配合|协助|会同|联合|委托|引进|邀请|建立|设立|设置|成立|指定|确定|明确|安排|配备|制定|印发|下发|编制|审核|作为|以|把|将|使|让|受|经|获|被|与)"
)
_GENERIC = re.compile(
    r"(?:领导小组|党政|综合|政务公开|信息公开)*(?:办公[厅室]|委员会|中心|分局|街道|政府|公司|学校|医院|政府办公室|办)$"
)
_NEWS_OFFICE = re.compile(r"新闻办(?:公室)?$")
_LEVELS = {"省": 0, "市": 1, "州": 1, "盟": 1, "县": 2, "区": 2, "旗": 2, "镇": 3, "乡": 3}
_NOT_NAME = re.compile(
    r"^[不因]|[在向把从被由]|.是|[是因][我本]|^(?:下设|内设|增设|新设|设(?!计))|网站|门户|微信|微博|公众号|平台|新媒体|公开|信息(?!中心)|文件|工作|栏目|专区|专栏|热线|信箱|设在"
    r"|领导|负责同志|负责人|参加|参会"
)
_PLACE_TAIL = re.compile(r"(?:人民政府|政府|管委会|管理委员会|办公[厅室]|委员会)+$")


@dataclass(frozen=True, slots=True)
class Agency:
    """The reporting body, as its title names it (None where nobody knows)."""

    name: str | None

    def is_self(self, name: str) -> bool:
        """Whether `name` is the body itself: its own words in their order, the same kind of body."""
        if _wider(name, self.name):
            return False
        if _SELF_HEAD.match(name):
            return True
        if self.name and _own_level(name, self.name):
            return True  # 市本级 of a city bureau's report: the bureau without the counties' ones
        if re.fullmatch(r"[局厅委院校馆所署](?:办公[厅室]|机关)", name):
            return True  # 局办公室 of the bureau's own report
        parts = re.split(r"、|和|及|与|以及", name)
        if len(parts) > 1 and all(parts):
            # 县政府及县政府办: the body with its office
            return self.is_self(parts[0]) and all(
                self.is_self(part) or part.endswith(("办", "办公室", "办公厅"))
                for part in parts[1:]
            )
        if not self.name:
            return False
        bare = re.sub(r"[（(].*?[)）]|“|”", "", name).replace("人民政府", "政府")
        full = self.name.replace("人民政府", "政府")
        bare, full = (re.sub(r"街道(?:办事处|办)$", "街道", one) for one in (bare, full))
        if (
            _place(bare)
            and _place(bare) == _place(full)
            and not bare.endswith(("办公室", "办公厅", "政府办"))
        ):
            return True
        if bare.endswith(("办公室", "办公厅", "政府办")) and not full.endswith(
            ("办公室", "办公厅")
        ):
            return False
        bare = re.sub(r"政府新闻办(?:公室)?$", "政府", bare)  # speaks for its government
        if _GOVERNMENT.search(full):
            return _same_government(bare, full)
        if _of_another_level(bare, full):
            return False
        return (bare[-1:] == full[-1:] and _subsequence(bare, full)) or _abbreviates(bare, full)


_GOVERNMENT = re.compile(r"[省市县区旗州镇乡盟]$|政府$|管委会$|管理委员会$")


def _same_government(bare: str, full: str) -> bool:
    whole = full if full.endswith(("政府", "委员会", "管委会")) else full + "政府"
    named = re.search(r"[省市县区旗州镇乡盟]$|政府$|管委会$", bare)
    return bool(named) and len(bare) >= 2 and _subsequence(bare, whole)


def _of_another_level(short: str, full: str) -> bool:
    """市市场监督管理局 in the report of a district's bureau: the level it begins with is not ours."""
    if full.endswith(short) or short[:1] not in tuple("省市县区州"):
        return False
    levels = re.findall(r"[省市县区州盟旗](?=.{2,})", re.sub(r"市场|县域|区域", "　　", full))
    return bool(levels) and levels[-1] != short[0]


def _own_level(words: str, agency: str) -> bool:
    """市本级 of a bureau of the city; a government's own report sets it apart from the whole."""
    if not re.fullmatch(r"[省市县区州盟旗]本级", words) or agency.endswith(
        ("政府", "委员会", "管委会")
    ):
        return False
    levels = re.findall(
        r"[省市县区州盟旗](?=.{2,})", re.sub(r"市场|县域|区域|自治区", "　　", agency)
    )
    return bool(levels) and levels[-1] == words[0]


_WHOLE = re.compile(r"全[省市县区州旗](?:各(?:级)?(?:乡镇|县区|区县|部门|单位))?")


def _wider(words: str, agency: str | None) -> bool:
    """全县 in a town's report: the whole of a body above the reporting one."""
    own = [
        _LEVELS[c]
        for c in re.findall(
            r"[省市州盟县区旗镇乡](?=.|$)", re.sub(r"自治区|市场|城乡", "", agency or "")
        )
    ]
    return (
        words[:1] == "全"
        and words[1:2] in _LEVELS
        and bool(own)
        and _LEVELS[words[1]] < max(own)
        and max(own) == 3
    )


def _place(name: str) -> str:
    return _PLACE_TAIL.sub("", name)


def _subsequence(short: str, long: str) -> bool:
    letters = iter(long)
    return all(letter in letters for letter in short)


def _abbreviates(short: str, full: str) -> bool:
    """市科委 for 某市科学技术委员会: 委 stands for 委员会, the rest in order."""
    return short.endswith("委") and full.endswith("委员会") and _subsequence(short, full)


def subject_of(masked: str, at: int, floor: int, agency: Agency) -> tuple[str | None, bool]:
    """The other body whose figure stands at index `at` of a sentence that begins at `floor`
    (figures masked), or None; and whether the sentence says anything about it at all."""
    clause_end = at
    while clause_end > floor:
        start = _clause_floor(masked, clause_end, floor)
        clause = masked[start:clause_end]
        told = _told(clause, clause_end == at, agency)
        if clause_end == at and (apart := _set_apart(masked[floor:start], clause, agency)):
            return apart, True
        if told is not None:
            return told
        if start > floor and masked[start - 1] in "；;。":
            return None, False
        clause_end = start - 1
    return None, False


def _set_apart(before: str, clause: str, agency: Agency) -> str | None:
    """全市公开23846条，其中市政府及办公室公开2506条: the government itself, as a part of all its bodies."""
    own = _ITS_PART.fullmatch(clause)
    among = own and (own["among"] or before.endswith("其中，"))
    if not own or not among or not (_OF_ALL.search(before) or len(before) <= len("其中，")):
        return None
    governs = bool(agency.name and _GOVERNMENT.search(agency.name))
    return own["name"] if governs and agency.is_self(own["name"]) else None


_OF_ALL = re.compile(r"全[省市县区州旗盟]|各级")
_ITS_PART = re.compile(
    r"(?P<among>其中，?)?(?P<name>[省市县区州旗盟](?:人民)?政府(?:(?:、|和|及)(?:[省市县区州旗盟]?政府)?办(?:公[厅室])?)?)"
    r"(?:共|主动|本级)*(?:公开|发布|制作|受理|收到|举办|召开|承办|办理|答复)?"
)


@lru_cache(maxsize=2048)
def _told(clause: str, before_figure: bool, agency: Agency) -> tuple[str | None, bool] | None:
    """What one clause says of whose figure it is; None where it says nothing."""
    if before_figure:
        name = _named_before(clause[-28:])
        if name:
            return (None, True) if agency.is_self(name) else (name, True)
    lead = _LEAD.match(clause)
    body = clause[lead.end() :] if lead else clause
    wide = _WHOLE.match(body)
    if wide and _wider(wide.group(), agency.name):
        return wide.group(), True
    if _SELF_HEAD.match(body):
        return None, True
    found = None if _NO_SUBJECT.match(body) else _AT_HEAD.match(body)
    if found and lead and "其中" in lead.group() and _NEWS_OFFICE.search(found["name"]):
        return found["name"], True  # set apart from the whole of its province
    if found and _is_name(found["name"]):
        return (None, True) if agency.is_self(found["name"]) else (found["name"], True)
    return None


def _named_before(words: str) -> str | None:
    """The body named right before a figure: 受理较多的还有区房管局28件 speaks of 区房管局 only."""
    near = _BEFORE_FIGURE.search(words)
    while near:
        if words[near.start()] in "和及、" and _WITH_ITSELF.search(words, 0, near.start()):
            return None  # 局机关及下属单位: the body with those below it
        if _is_name(near["name"]):
            return near["name"]
        near = _BEFORE_FIGURE.search(words, near.start() + 1)
    return None


def _is_name(words: str) -> bool:
    return not (_NO_SUBJECT.match(words) or _NOT_NAME.search(words) or _GENERIC.fullmatch(words))


def _clause_floor(text: str, at: int, floor: int) -> int:
    floor = max(floor, at - _LONGEST_CLAUSE)
    while at > floor and text[at - 1] not in _MARKS:
        at -= 1
    return at


_WITH_ITSELF = re.compile(
    r"(?:机关|本级|本部|我[局委厅院镇乡县市区校]|本(?:单位|机关|局|委|厅|院))$"
)
_MARKS = frozenset("，；：。,;:")
_LONGEST_CLAUSE = 200  # longer ones are no clauses but hostile text
