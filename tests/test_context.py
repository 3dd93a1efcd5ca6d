"""Year, subject and basis of a figure: (who reports, sentence, metric, value, year, subject, basis)."""

import pytest

from nlp.pipeline import analyse_text
from nlp.records import Number

CITY, BUREAU, TOWN = "江河市人民政府", "江河市教育局", "江河县石桥镇人民政府"

CASES = [
    # years
    (CITY, "全市主动公开政府信息1200条，比2019年的900条增长33.3%。", "disclosure.total", 900, 2019, None, "total"),
    (CITY, "2019年全市主动公开政府信息900条。", "disclosure.total", 900, 2019, None, "total"),
    (CITY, "2019年全年收到政府信息公开申请45件。", "request.received", 45, 2019, None, "total"),
    (CITY, "申请较集中的是县财政局（19件）、县住建局（11件）。", "request.received", 19, 2020, "县财政局", "total"),
    (CITY, "政府网站公开信息168条，比2019年公开的153条增长9.8%。", "disclosure.website", 153, 2019, None, "total"),
    (CITY, "收到政府信息公开申请12件（上年同期10件），答复12件。", "request.received", 10, 2019, None, "total"),
    (CITY, "收到政府信息公开申请12件（上年同期10件），答复11件。", "reply.total", 11, 2020, None, "total"),
    (CITY, "由2018年的100条增加到2020年的主动公开政府信息150条。", "disclosure.total", 150, 2020, None, "total"),
    (CITY, "2021年，将举办政务公开培训班3期。", "training.sessions", 3, 2021, None, "target"),
    (CITY, "依申请公开：上年结转2件，结转2021年继续办理3件。", "request.carried_out", 3, 2020, None, "total"),
    (CITY, "依申请公开：2019年结转的2件已办理。", "request.carried_in", 2, 2020, None, "total"),
    (CITY, "公开《2019年部门预算》等，主动公开政府信息88条。", "disclosure.total", 88, 2020, None, "total"),
    # basis
    (CITY, "网站日均访问量600余次。", "website.visits", 600, 2020, None, "average"),
    (CITY, "自2008年《条例》施行以来，累计主动公开政府信息9000条。", "disclosure.total", 9000, 2020, None, "to_date"),
    (CITY, "办理人大代表建议60件，其中省人大代表建议8件。", "proposal.npc", 8, 2020, None, "part"),
    (CITY, "发布政策解读58条，其中部门解读30条。", "response.interpretations", 30, 2020, None, "part"),
    # subjects
    (CITY, "全市主动公开政府信息900条，其中江北县公开300条。", "disclosure.total", 300, 2020, "江北县", "total"),
    (CITY, "江东区人民政府主动公开政府信息300条。", "disclosure.total", 300, 2020, "江东区人民政府", "total"),
    (CITY, "各县区主动公开政府信息300条。", "disclosure.total", 300, 2020, "各县区", "total"),
    (CITY, "市政府办公室受理政府信息公开申请12件。", "request.received", 12, 2020, "市政府办公室", "total"),
    (CITY, "市政府受理政府信息公开申请12件。", "request.received", 12, 2020, None, "total"),
    (CITY, "我市受理政府信息公开申请12件。", "request.received", 12, 2020, None, "total"),
    (CITY, "全市各级各部门主动公开政府信息900条。", "disclosure.total", 900, 2020, None, "total"),
    (CITY, "向省档案馆报送政府信息22份。", "archive.total", 22, 2020, None, "total"),
    (CITY, "市政府门户网站发布各类信息500条。", "disclosure.website", 500, 2020, None, "total"),
    (BUREAU, "我局主动公开政府信息90条。", "disclosure.total", 90, 2020, None, "total"),
    (BUREAU, "江河教育网是我局的主要渠道，全年通过网站公开信息700条。", "disclosure.website", 700, 2020, None, "total"),
    (BUREAU, "市本级主动公开政府信息90条。", "disclosure.total", 90, 2020, None, "total"),
    (BUREAU, "各县（市、区）局收到政府信息公开申请6件。", "request.received", 6, 2020, "各县（市、区）局", "total"),
    (BUREAU, "成立了领导小组，下设办公室，其中专职2人。", "staff.full_time", 2, 2020, None, "total"),
    (BUREAU, "下属市电化教育中心公开政府信息50条。", "disclosure.total", 50, 2020, "下属市电化教育中心", "total"),
    (CITY, "全市主动公开政府信息900条，其中市本级公开300条。", "disclosure.total", 300, 2020, "市本级", "total"),
    (CITY, "依申请公开：受理较多的是市住建局21件、市规划局9件。", "request.received", 9, 2020, "市规划局", "total"),
    (CITY, "公开政府信息9条。按主体分，市直部门5条，各乡镇4条。", "disclosure.total", 4, 2020, "各乡镇", "total"),
    (CITY, "公开量居前两位的是市民政局（90条）和市水利局（70条）。", "disclosure.total", 70, 2020, "市水利局", "total"),
    (CITY, "依申请公开：2019年收到申请5件，上年结转1件。", "request.carried_in", 1, 2020, None, "total"),
    (CITY, "截至年底累计公开政府信息52条，其中本年公开政府信息13条。", "disclosure.total", 13, 2020, None, "total"),
    (BUREAU, "市教育局主动公开政府信息90条。", "disclosure.total", 90, 2020, None, "total"),
    (BUREAU, "省教育厅受理政府信息公开申请33件。", "request.received", 33, 2020, "省教育厅", "total"),
    (TOWN, "全县各乡镇共收到政府信息公开申请41件。", "request.received", 41, 2020, "全县各乡镇", "total"),
    (TOWN, "我镇共收到政府信息公开申请4件。", "request.received", 4, 2020, None, "total"),
    (TOWN, "镇政府主动公开政府信息77条。", "disclosure.total", 77, 2020, None, "total"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("agency", "sentence", "metric", "value", "year", "subject", "basis"), CASES
)
def test_context(
    agency: str,
    sentence: str,
    metric: str,
    value: Number,
    year: int,
    subject: str | None,
    basis: str,
) -> None:
    result = analyse_text(f"{agency}2020年政府信息公开工作年度报告\n{sentence}")
    found = [f for f in result.facts if (f.metric, f.value) == (metric, value)]
    assert [(f.year, f.subject, f.basis) for f in found] == [(year, subject, basis)]


def test_words_stand_where_they_say() -> None:
    title = "江河市教育局2020年政府信息公开工作年度报告\r\n"
    text = (
        title
        + "全年认真开展政务公开工作，先后举办培\r\n训班 ３ 期，[image: ]收到政府信息公开申请２件。"
    )
    result = analyse_text(text)
    assert {f.metric for f in result.facts} == {"training.sessions", "request.received"}
    for fact in result.facts:
        assert text[fact.start : fact.end] == fact.text
