"""The words of the command, in Chinese and in English. What a report says is never translated."""

from __future__ import annotations

from nlp.metrics import Lang

_PROGRESS: dict[Lang, dict[str, str]] = {
    "zh": {
        "line": "{done:,}/{total:,} 新读{read:,} 已有{known:,} 失败{failed:,}，{rate:.1f}份/秒，约剩{left}",
        "hours": "{hours}小时{minutes}分",
        "minutes": "{minutes}分{seconds}秒",
        "seconds": "{seconds}秒",
        "done": "完成：{total:,} 个文件，新读 {read:,} 份，内容相同或以前已读 {known:,} 份，失败 {failed:,} 个",
        "between": "正在核对各年度、各机关之间的关系……",
        "exporting": "正在导出 {name}……",
        "interrupted": "已中断；已读的都已保存，再次运行同一命令即可继续",
        "results": "结果在 {path}",
        "look": "失败的文件及原因：python -m nlp.batch export {out} --format xlsx（“未能读取”表）",
    },
    "en": {
        "line": "{done:,}/{total:,} read {read:,} known {known:,} failed {failed:,}, "
        "{rate:.1f}/s, {left} left",
        "hours": "{hours} h {minutes} min",
        "minutes": "{minutes} min {seconds} s",
        "seconds": "{seconds} s",
        "done": "done: {total:,} files, {read:,} read, {known:,} known already, {failed:,} failed",
        "between": "comparing years and bodies ...",
        "exporting": "writing {name} ...",
        "interrupted": "interrupted; what was read is kept, the same command continues",
        "results": "results in {path}",
        "look": "what failed, and why: python -m nlp.batch export {out} --format xlsx (未能读取)",
    },
}

_HELP: dict[Lang, dict[str, str]] = {
    "zh": {
        "description": "成批读政府信息公开工作年度报告，结果存入 DIR/results.duckdb；随时可停，再次运行即继续。\n"
        "另有 python -m nlp.batch export（导出）和 summary（汇总），各有 --help。",
        "epilog": "退出状态：0 完成；1 完成，但有文件失败；2 用法错误或不能写入；3 数据库不能用或程序内部\n"
        "错误；4 规则、模型或组件缺失，或连不上 Dask；130 被中断。",
        "inputs": "文件、文件夹或通配符（加引号，** 表示各级文件夹）",
        "list": "清单文件，每行一个路径；可给多次",
        "match": "文件夹中只取名称合于此式的文件，如 *.txt",
        "out": "结果文件夹",
        "jobs": "本机进程数，默认每个核心一个",
        "engine": "local（默认，本机）或 dask（已有的 Dask 集群）",
        "scheduler": "Dask 调度器地址，如 tcp://主机:8786",
        "time_limit": "每份报告的时限（秒，默认60）；超过的记为失败",
        "export": "完成后导出：parquet、csv、jsonl（各表一个文件）、xlsx（审核用工作簿）；可给多次",
        "model": "模型版本的文件夹；默认用 models/current.toml 所指的；none 只用规则",
        "segmenter": "分词：jieba（默认）、pkuseg，或 pkuseg 模型的文件夹",
        "quiet": "不显示进度",
        "lang": "中文（默认）或英文",
        "debug": "出错时给出完整的调用栈",
        "export_description": "导出已有的结果：同样的结果，导出的文件逐字节相同。",
        "folder": "运行时 --out 所给的文件夹",
        "format": "parquet、csv、jsonl（各表一个文件）、xlsx（审核用工作簿）；可给多次",
        "to": "导出到这个文件夹，默认是 DIR/export",
    },
    "en": {
        "description": "Read many reports into DIR/results.duckdb; stop at any time, the same command "
        "continues.\nSee also python -m nlp.batch export --help, and summary --help.",
        "epilog": "Exit status: 0 done; 1 done, but some files failed; 2 wrong usage, or not writable; 3 "
        "database unusable, or an\ninternal error; 4 rules, model or a library missing, or no Dask "
        "cluster; 130 interrupted.",
        "inputs": "files, folders or patterns (quoted; ** stands for folders at any depth)",
        "list": "a file with a path on each line; may be given more than once",
        "match": "take only files of this name from folders (*.txt)",
        "out": "folder of the results",
        "jobs": "processes on this computer, by default one for each core",
        "engine": "local (default) or dask (a cluster that is running)",
        "scheduler": "address of the Dask scheduler (tcp://host:8786)",
        "time_limit": "seconds for one report (default 60); what takes longer has failed",
        "export": "at the end write parquet, csv, jsonl (a file for each table) or xlsx (a workbook for "
        "auditors); may be given more than once",
        "model": "folder of a model version; by default the one named in models/current.toml; "
        "none for the rules alone",
        "segmenter": "jieba (default), pkuseg, or the folder of a pkuseg model",
        "quiet": "no progress",
        "lang": "Chinese (default) or English",
        "debug": "show tracebacks",
        "export_description": "Export results: the same results give the same bytes.",
        "folder": "the folder that --out named",
        "format": "parquet, csv, jsonl (a file for each table), xlsx (a workbook for auditors); may be "
        "given more than once",
        "to": "folder to write into, by default DIR/export",
    },
}


def progress_words(lang: Lang) -> dict[str, str]:
    """The strings of a run."""
    return _PROGRESS[lang]


def help_text(lang: Lang) -> dict[str, str]:
    """The strings of `--help`."""
    return _HELP[lang]
