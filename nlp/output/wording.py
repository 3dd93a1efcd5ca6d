"""The words that readers see, in Chinese and in English: the one place for both.

Every dictionary here has the same keys in both languages (a test holds that). `{}` fields are
filled by the caller. What a report itself says is never translated.
"""

from __future__ import annotations

from nlp.metrics import Lang

_SCREEN: dict[Lang, dict[str, str]] = {
    "zh": {
        "agency_unknown": "机关不明",
        "year": "{year}年度",
        "year_unknown": "年度不明",
        "published": "{date} 发布",
        "template": "统计表：{name}",
        "summary_none": "正文与统计表没有可以核对的共同指标",
        "summary": "正文与统计表核对{total}项：{agree}项一致，{approximate}项约数相符，{mismatch}项不符",
        "findings": "勾稽关系：{holds}条成立，{violated}条不成立，{unverifiable}条无从判断",
        "mismatches": "正文与统计表不符（{n}项）",
        "stated": "正文",
        "table": "表格",
        "stated_more": "正文多{n}",
        "stated_less": "正文少{n}",
        "violated": "勾稽关系不成立（{n}条）",
        "printed": "所载{stated}，算得{computed}",
        "scope_table": "表内",
        "scope_narrative": "正文",
        "scope_years": "年度间",
        "agreeing": "一致：",
        "approximating": "约数相符：",
        "facts": "正文数字（{n}个）",
        "head_metric": "指标",
        "head_value": "数值",
        "head_words": "原文",
        "more_others": "另有{n}个数字不属于任何指标（--why 列出）",
        "problem": "存在的问题（{n}条）",
        "plan": "下一年计划（{n}条）",
        "remedy": "已采取的措施（{n}条）",
        "warnings": "读取提示{n}条（--why 列出）",
        "warnings_listed": "读取提示（{n}条）",
        "place": "第{start}字",
        "other_year": "{year}年",
        "interval": "区间 {low} 至 {high}",
        "confidence": "把握 {percent}%",
        "method_rule": "规则",
        "method_classifier": "分类器",
        "method_both": "规则和分类器",
        "basis_average": "平均",
        "basis_part": "其中一部分",
        "basis_to_date": "累计",
        "basis_target": "目标",
        "more_quotes": "另有{n}处",
        "open": "“",
        "close": "”",
        "list": "、",
        "clause": "，",
        "sum": "各分项合计",
    },
    "en": {
        "agency_unknown": "body unknown",
        "year": "year {year}",
        "year_unknown": "year unknown",
        "published": "published {date}",
        "template": "tables: {name}",
        "summary_none": "prose and tables share no metric that could be compared",
        "summary": "{total} figures compared with the tables: {agree} agree, "
        "{approximate} agree approximately, {mismatch} differ",
        "findings": "arithmetic: {holds} relations hold, {violated} violated, "
        "{unverifiable} unverifiable",
        "mismatches": "Prose and tables differ ({n})",
        "stated": "prose",
        "table": "table",
        "stated_more": "prose is higher by {n}",
        "stated_less": "prose is lower by {n}",
        "violated": "Arithmetic violated ({n})",
        "printed": "stated {stated}, computed {computed}",
        "scope_table": "table",
        "scope_narrative": "prose",
        "scope_years": "between years",
        "agreeing": "agree: ",
        "approximating": "agree approximately: ",
        "facts": "Figures of the prose ({n})",
        "head_metric": "metric",
        "head_value": "value",
        "head_words": "words of the report",
        "more_others": "{n} more figures belong to no metric (--why lists them)",
        "problem": "Problems ({n})",
        "plan": "Plans for next year ({n})",
        "remedy": "Measures already taken ({n})",
        "warnings": "{n} reading notes (--why lists them)",
        "warnings_listed": "Reading notes ({n})",
        "place": "at character {start}",
        "other_year": "{year}",
        "interval": "between {low} and {high}",
        "confidence": "confidence {percent}%",
        "method_rule": "rule",
        "method_classifier": "classifier",
        "method_both": "rule and classifier",
        "basis_average": "average",
        "basis_part": "a part",
        "basis_to_date": "to date",
        "basis_target": "target",
        "more_quotes": "{n} more",
        "open": "“",
        "close": "”",
        "list": ", ",
        "clause": ", ",
        "sum": "sum of its parts",
    },
}

_APPLICANTS: dict[Lang, dict[str, str]] = {
    "zh": {
        "natural_person": "自然人列",
        "company": "商业企业列",
        "research_institute": "科研机构列",
        "social_organisation": "社会公益组织列",
        "legal_service": "法律服务机构列",
        "other": "其他列",
        "total": "总计列",
    },
    "en": {
        "natural_person": " (individuals)",
        "company": " (companies)",
        "research_institute": " (research institutes)",
        "social_organisation": " (social organisations)",
        "legal_service": " (legal services)",
        "other": " (others)",
        "total": " (total)",
    },
}

_TEMPLATES: dict[Lang, dict[str | None, str]] = {
    "zh": {
        "2014": "2014年全国格式",
        "2019": "2019年全国格式",
        "2021": "2021年全国格式",
        "local": "地方格式",
        None: "无",
    },
    "en": {
        "2014": "national form of 2014",
        "2019": "national form of 2019",
        "2021": "national form of 2021",
        "local": "a local form",
        None: "none",
    },
}

_DISPUTES = ("review", "litigation", "litigation_direct", "litigation_after_review", "complaint")

# Which families of metrics (the code up to its first point) stand together on the screen.
_GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("主动公开", "Disclosure", ("disclosure", "catalogue", "gazette", "media")),
    ("规章和规范性文件", "Regulations and documents", ("regulation", "normative_document")),
    (
        "许可、处罚、收费和采购",
        "Licences, penalties, fees and procurement",
        ("licence", "other_service", "penalty", "coercion", "admin_fee", "procurement"),
    ),
    ("回应解读", "Responses", ("response", "consultation")),
    ("依申请公开", "Requests", ("request", "reply", "fee")),
    ("复议、诉讼和举报", "Reviews, lawsuits, complaints", _DISPUTES),
    ("建议提案", "Proposals", ("proposal",)),
    (
        "平台与互动",
        "Platforms and dialogue",
        ("website", "wechat", "weibo", "hotline", "message", "service", "satisfaction"),
    ),
    (
        "机构、经费和培训",
        "Organisation, budget, training",
        ("organisation", "staff", "fund", "meeting", "training", "archive"),
    ),
)
_LAST_GROUP = {"zh": "其他", "en": "Others"}

_HELP: dict[Lang, dict[str, str]] = {
    "zh": {
        "description": "读政府信息公开工作年度报告：正文与统计表的不符之处在前，数字、问题和计划在后。",
        "epilog": "退出状态：0 完成；1 有不符且给了 --fail-on；2 用法错误；3 有报告无法读取或程序"
        "内部错误；\n4 规则或模型缺失、损坏；130 被中断。",
        "files": "报告文件，可以多个；- 表示标准输入",
        "format": "text（默认）每份报告一屏；json 每份报告一行",
        "include_text": "JSON 中附上全文",
        "why": "说明每个数字的依据，并列出全部提示",
        "lang": "中文（默认）或英文",
        "fail_on": "正文与表格不符（mismatch）或勾稽关系不成立（violated）时以状态1退出；可给两次",
        "output": "结果写入文件：写完才出现，写不完则保持原样",
        "model": "模型版本的文件夹；默认用 models/current.toml 所指的；none 只用规则",
        "segmenter": "分词：jieba（默认）、pkuseg，或 pkuseg 模型的文件夹",
        "debug": "出错时给出完整的调用栈",
    },
    "en": {
        "description": "Read annual reports on government information disclosure: differences "
        "between prose and tables first, then figures, problems and plans.",
        "epilog": "Exit status: 0 done; 1 differences found and --fail-on given; 2 wrong usage; "
        "3 a report could not\nbe read, or an internal error; 4 rules or model missing or corrupt; "
        "130 interrupted.",
        "files": "reports, one or more; - is standard input",
        "format": "text (default): a screen for each report; json: a line for each report",
        "include_text": "add the whole text to the JSON",
        "why": "explain every figure and list all notes",
        "lang": "Chinese (default) or English",
        "fail_on": "leave with status 1 where prose and table differ (mismatch) or arithmetic "
        "fails (violated); may be given twice",
        "output": "write to a file, which appears when it is complete",
        "model": "folder of a model version; by default the one named in models/current.toml; "
        "none for the rules alone",
        "segmenter": "jieba (default), pkuseg, or the folder of a pkuseg model",
        "debug": "show tracebacks",
    },
}


# The taxonomy of problems and plans; corpora/clauses/README.md explains it.
_TOPICS = {
    "awareness": ("认识重视", "awareness"), "staff": ("队伍", "staff"), "timeliness": ("时效", "timeliness"),
    "content": ("内容", "content"), "interpretation": ("解读", "interpretation"), "response": ("回应", "response"),
    "platforms": ("平台", "platforms"), "new_media": ("新媒体", "new media"),
    "participation": ("参与", "participation"), "requests": ("依申请", "requests"),
    "rules": ("制度", "rules"), "supervision": ("监督考核", "supervision"),
    "coordination": ("协同", "coordination"), "standards": ("规范化", "standards"),
    "grassroots": ("基层", "grassroots"),
    "publicity": ("宣传", "publicity"), "data": ("信息化", "data"), "secrecy": ("保密审查", "secrecy"),
    "other": ("其他", "other"),
}  # fmt: skip


def topic(code: str, lang: Lang) -> str:
    """The name of a topic; an unknown code stands for itself."""
    zh, en = _TOPICS.get(code, (code, code))
    return zh if lang == "zh" else en


def topic_codes() -> tuple[str, ...]:
    """The codes of all topics."""
    return tuple(_TOPICS)


def screen(lang: Lang) -> dict[str, str]:
    """The strings of the screen."""
    return _SCREEN[lang]


def help_text(lang: Lang) -> dict[str, str]:
    """The strings of `--help`."""
    return _HELP[lang]


def template(code: str | None, lang: Lang) -> str:
    """The name of a family of statistics tables; an unknown code stands for itself."""
    return _TEMPLATES[lang].get(code, code or "")


def applicant(code: str | None, lang: Lang) -> str:
    """The column of the applicants' table; nothing for a cell of another table."""
    return _APPLICANTS[lang].get(code, code) if code else ""


def group_of(metric: str) -> int:
    """The place on the screen of a metric's group; codes of no group come last."""
    family = metric.partition(".")[0]
    for place, (_, _, families) in enumerate(_GROUPS):
        if family in families:
            return place
    return len(_GROUPS)


def group_name(place: int, lang: Lang) -> str:
    """The heading of a group."""
    if place >= len(_GROUPS):
        return _LAST_GROUP[lang]
    zh, en, _ = _GROUPS[place]
    return en if lang == "en" else zh
