"""Problems and plans in every layout: (what is special, chapter text, problems, plans, remedies).

An item is given by its first and last words, joined by "~".
"""

import pytest

from nlp.pipeline import analyse_text

HEAD = "某县水利局2021年政府信息公开工作年度报告\n一、总体情况\n2021年，我局认真落实条例要求。\n"

CASES = [
    (
        "ordinals with 一是",
        "五、存在的主要问题及改进情况\n2021年我局工作取得一定成绩，但仍存在以下问题：一是公开内容不够全面；二是解读形式单一；三是人员业务能力有待提高。"
        "下一步，我局将着力抓好三方面工作：一是细化公开目录。二是丰富解读形式，多用图解。三是加强培训。",
        ["公开内容~不够全面", "解读形式~单一", "人员业务~提高。"],
        ["细化公开目录。~目录。", "丰富解读~图解。", "加强培训。~培训。"],
        [],
    ),
    (
        "misnumbered: 二是 twice",
        "五、存在的主要问题及改进情况\n存在的问题：一是主动性不强；二是更新不及时；二是队伍不稳定。改进措施：一是强化考核；二是定期通报。",
        ["主动性~不强", "更新~不及时", "队伍~不稳定。"],
        ["强化考核~考核", "定期通报。~通报。"],
        [],
    ),
    (
        "headings with paragraphs",
        "五、存在的主要问题及改进情况\n（一）存在的主要问题\n1.公开意识有待增强。个别股室重业务轻公开，信息报送滞后。\n2.平台建设有差距。网站检索功能不完善。\n"
        "（二）改进措施\n1.提高思想认识。将公开工作纳入考核。\n2.完善平台功能。优化检索，增加智能问答。",
        ["公开意识~滞后。", "平台建设~不完善。"],
        ["提高思想认识。~考核。", "完善平台功能。~问答。"],
        [],
    ),
    (
        "headings and paragraphs on lines of their own",
        "五、存在的主要问题及改进情况\n一是公开深度不够。\n部分信息停留在表面。\n二是互动不足。\n留言回复慢。\n下一步工作打算：\n（一）深化公开内容\n围绕民生实事公开全过程信息。\n（二）强化互动\n建立留言限时办理机制。",
        ["公开深度~表面。", "互动~慢。"],
        ["深化公开内容~信息。", "强化互动~机制。"],
        [],
    ),
    (
        "labelled paragraphs",
        "五、存在的主要问题及改进情况\n【不足】公开不够及时。个别科室上网较慢，有3份超过时限。\n【原因】任务重，系统尚未打通。\n【打算】推动系统对接；按月核查通报。\n"
        "【不足】解读形式单一。全年只发布解读6篇。\n【打算】开设小课堂，每月一期。",
        ["公开不够~时限。", "解读形式~6篇。"],
        ["推动系统~通报。", "开设~一期。"],
        [],
    ),
    (
        "a measure that lets people see is no remedy",
        "六、存在的问题和改进措施\n还存在不少问题：公开内容不够多。在今后的工作中，我们将重点抓好以下两点：\n（一）提高思想认识。增强责任感。\n（二）突出公开重点。加大公开力度，让群众看得到、看得懂。",
        ["公开内容~不够多。"],
        ["提高思想~责任感。", "突出公开~看得懂。"],
        [],
    ),
    (
        "separated by semicolons, no ordinals",
        "五、存在的主要问题及改进情况\n目前还存在一些不足，主要表现在：基层人员兼职多、流动快；部分栏目更新不够及时；公众参与渠道偏窄。"
        "针对上述问题，2022年我局将稳定队伍，健全更新提醒机制，拓宽参与渠道。",
        ["基层人员~流动快", "部分栏目~及时", "公众参与~偏窄。"],
        ["稳定队伍~队伍", "健全更新~机制", "拓宽参与~渠道。"],
        [],
    ),
    (
        "a 、-list before 等问题",
        "五、存在的主要问题及改进情况\n2021年，我局政府信息公开工作还存在宣传力度不够、信息发布不及时、专业人员缺乏等问题。2022年，我局将做好以下工作：（一）加大宣传力度。（二）严格时限要求。",
        ["宣传力度~不够", "信息发布~不及时", "专业人员~缺乏"],
        ["加大宣传~力度。", "严格时限~要求。"],
        [],
    ),
    (
        "commas, 如…等",
        "五、存在的主要问题及改进情况\n但也存在不足，主要是：依申请公开答复文书不够规范，政策解读质量有待提升，网站栏目设置不够合理。下一步将逐项改进。",
        ["依申请公开~规范", "政策解读~提升", "网站栏目~合理。"],
        None,
        [],
    ),
    (
        "problem and remedy in one item",
        "五、存在的主要问题及改进情况\n（一）政策解读形式单一，以文字为主。针对这一问题，将联合融媒体中心制作短视频。\n（二）基层公开不平衡，部分站所栏目空白。针对这一问题，将开展专项督查。",
        ["政策解读~为主。", "基层公开~空白。"],
        ["将联合~短视频。", "开展~督查。"],
        [],
    ),
    (
        "last year's problems solved first",
        "五、存在的主要问题及改进情况\n（一）上年度问题整改情况\n针对2020年存在的解读形式单一、公开目录不完善问题，我局制作图解12期，修订了公开目录。\n"
        "（二）存在的主要问题\n一是主动公开的及时性仍需加强；二是依申请公开研判能力不足。\n（三）改进措施\n一是建立台账。二是组织培训。",
        ["主动公开~加强", "依申请公开~不足。"],
        ["建立台账。~台账。", "组织培训。~培训。"],
        None,
    ),
    (
        "two chapters",
        "六、存在的主要问题\n1、公开范围有待拓展。\n2、机制有待完善。\n七、下一步工作打算\n1、拓展公开范围，推进重点领域公开。\n2、完善考核、监督机制。\n3、抓好人员培训。\n八、其他需要报告的事项\n无。",
        ["公开范围~拓展。", "机制~完善。"],
        ["拓展公开~公开。", "完善考核~机制。", "抓好人员~培训。"],
        [],
    ),
    (
        "hidden in the overview, no chapter of its own",
        "二、工作成效\n全年公开信息120条。但仍存在一些问题：一是信息量偏少；二是时效性不强。下一步，我局将：一是增加公开数量；二是规范发布流程。",
        ["信息量~偏少", "时效性~不强。"],
        ["增加公开~数量", "规范发布~流程。"],
        [],
    ),
    (
        "good news worded like a problem",
        "三、监督保障\n坚持问题导向，对检查发现的8个问题全部整改完成，有效解决了更新不及时的问题。",
        [],
        [],
        [],
    ),
    (
        "nothing to report",
        "五、存在的主要问题及改进情况\n无。\n六、其他需要报告的事项\n无其他需要报告的事项。",
        [],
        [],
        [],
    ),
    (
        "first, second, last in words",
        "五、存在的主要问题及改进情况\n主要存在以下问题：首先，公开主体责任落实不到位。其次，公开形式不够多样。最后，业务培训较少。今后，我们将从以下两个方面改进：第一，压实责任。第二，加强培训。",
        ["公开主体~到位。", "公开形式~多样。", "业务培训~较少。"],
        ["压实责任。~责任。", "加强培训。~培训。"],
        [],
    ),
    (
        "arabic numbers in brackets",
        "五、存在的主要问题及改进情况\n存在问题：（1）部分信息公开不够规范；（2）政民互动不够活跃。改进措施：（1）规范公开流程；（2）丰富互动形式。",
        ["部分信息~规范", "政民互动~活跃。"],
        ["规范公开~流程", "丰富互动~形式。"],
        [],
    ),
    (
        "one paragraph, plans without ordinals by sentences",
        "五、存在的主要问题及改进情况\n我局政务公开工作虽有进步，但公开的广度和深度还不够，干部业务水平参差不齐。2022年，我局将加强组织领导。进一步梳理公开事项。定期开展业务培训。",
        ["公开的广度~不够", "干部业务~不齐。"],
        ["加强组织~领导。", "进一步梳理~事项。", "定期开展~培训。"],
        [],
    ),
    (
        "the next chapter ends the list",
        "五、存在的主要问题及改进情况\n问题：一是栏目更新慢。二是人员少。措施：一是专人负责。二是充实力量。\n六、其他需要报告的事项\n2021年我局收取信息处理费0元，将继续严格执行规定。",
        ["栏目更新~慢。", "人员~少。"],
        ["专人负责。~负责。", "充实力量。~力量。"],
        [],
    ),
]  # fmt: skip


def _matches(words: str, text: str) -> bool:
    first, last = words.split("~")
    return text.startswith(first) and (
        text.endswith(last) or text.rstrip("。").endswith(last.rstrip("。"))
    )


@pytest.mark.parametrize("case", [pytest.param(case, id=case[0]) for case in CASES])
def test_items(case: tuple[str, str, list[str], list[str] | None, list[str] | None]) -> None:
    _, chapter, *expected = case
    result = analyse_text(HEAD + chapter)
    for kind, wanted in zip(("problem", "plan", "remedy"), expected, strict=True):
        if wanted is None:
            continue
        found = [item.text for item in result.items if item.kind == kind]
        assert len(found) == len(wanted), (kind, found)
        for words, text in zip(wanted, found, strict=True):
            assert _matches(words, text), (kind, words, text)


def test_no_item_reaches_over_a_table() -> None:
    columns = "信息内容\t本年制发件数\t本年废止件数\t现行有效件数\n"
    table = f"第二十条第（一）项\n{columns}规章\t0\t0\t0\n行政规范性文件\t2\t1\t7\n"
    table += "第二十条第（五）项\n信息内容\t本年处理决定数量\n行政许可\t31\n"
    chapter = "三、存在的主要问题\n一是公开内容不够全面，\n" + table + "部分栏目更新不够及时。\n"
    result = analyse_text(HEAD + chapter)
    assert result.cells
    spans = [(item.start, item.end) for item in result.items]
    assert spans
    assert not [
        (start, end)
        for start, end in spans
        for cell in result.cells
        if start <= cell.start and cell.end <= end
    ]
