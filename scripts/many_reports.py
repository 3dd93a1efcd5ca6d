"""Make many reports out of those of the corpus: other names, years, figures and layouts.

    python scripts/many_reports.py FOLDER 20000             0000/r000000.txt ...
    python scripts/many_reports.py FOLDER 50 --bad          files that cannot be read, of every kind

The same number gives the same file. Figures are changed one by one, so sums no longer work out: the
reports are for measuring, killing and filling, not for judging what is read.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "annotations" / "corpus.jsonl"
IN_FOLDER = 500
_WIDE = str.maketrans("0123456789%", "０１２３４５６７８９％")
_FIRST = "青云海山江河石林金玉平安永昌宁德泰清和新"
_SECOND = "屿岭川岗湾溪原州阳阴城关口泉浦田桥坪台源"
_KINDS = (
    "县人民政府",
    "市人民政府",
    "区人民政府",
    "市教育局",
    "县财政局",
    "省水利厅",
    "市卫生健康委员会",
)


@cache
def originals() -> tuple[str, ...]:
    """Every complete report of the corpora."""
    from nlp.annotations import read
    from nlp.classifier.examples import is_report
    from nlp.reading import read_path

    bundled = [read_path(path).text for path in sorted((ROOT / "corpora/reports").glob("*.txt"))]
    marked = [one.text for one in read(CORPUS) if is_report(one) and len(one.text) > 500]
    return (*bundled, *marked)


def report(number: int) -> bytes:
    """The bytes of the report of this number."""
    chance = random.Random(number)
    text = chance.choice(originals())
    agency = chance.choice(_FIRST) + chance.choice(_SECOND) + chance.choice(_KINDS)
    title, _, rest = text.partition("\n")
    shift = chance.randrange(-2, 3)
    rest = re.sub(
        r"(?<![\d.])(\d{2,7})(?![\d.])(?!年|〕|号|日|月)", lambda m: _near(m, chance), rest
    )
    rest = re.sub(r"20[12]\d(?=年)", lambda m: str(int(m[0]) + shift), rest)
    title = re.sub(r"20[12]\d(?=年)", lambda m: str(int(m[0]) + shift), title)
    return _laid_out(f"{title}\n{agency} 编号{number}\n{rest}", chance)


def _near(figure: re.Match[str], chance: random.Random) -> str:
    value = int(figure[0])
    if chance.random() < 0.5:
        return figure[0]
    return str(max(1, round(value * chance.uniform(0.5, 1.5))))


def _laid_out(text: str, chance: random.Random) -> bytes:
    if chance.random() < 0.1:
        text = text.translate(_WIDE)
    if chance.random() < 0.2:
        text = text.replace("\n", "\r\n")
    if chance.random() < 0.2:
        text = text.replace("\n", "\n\u3000\u3000")
    encoding = chance.choice(("utf-8", "utf-8", "utf-8", "utf-8-sig", "gb18030"))
    return text.encode(encoding, errors="replace")


def write(folder: Path, count: int) -> Path:
    """Write `count` reports below the folder, some hundreds to each of its folders."""
    for number in range(count):
        place = folder / f"{number // IN_FOLDER:04d}"
        place.mkdir(parents=True, exist_ok=True)
        path = place / f"r{number:06d}.txt"
        if not path.exists():
            path.write_bytes(report(number))
    return folder


def write_bad(folder: Path, count: int) -> dict[Path, set[str]]:
    """Write `count` bad files, and return the codes of error that each may be given."""
    folder.mkdir(parents=True, exist_ok=True)
    made = {}
    for number in range(count):
        kind, make, codes = _BAD[number % len(_BAD)]
        path = folder / f"b{number:03d}-{kind}"
        make(path, random.Random(number))
        made[path] = codes
    return made


def _bytes(content: Callable[[random.Random], bytes]) -> Callable[[Path, random.Random], None]:
    return lambda path, chance: path.write_bytes(content(chance)) and None


def _large(path: Path, chance: random.Random) -> None:
    with path.open("wb") as stream:
        stream.truncate(50 * 2**20)


def _locked(path: Path, chance: random.Random) -> None:
    path.write_bytes(report(1))
    path.chmod(0)


def _circle(path: Path, chance: random.Random) -> None:
    path.mkdir()
    (path / "again").symlink_to("..")


def _itself(path: Path, chance: random.Random) -> None:
    path.symlink_to(path.name)


def _nowhere(path: Path, chance: random.Random) -> None:
    path.symlink_to("gone.txt")


def _pipe(path: Path, chance: random.Random) -> None:
    os.mkfifo(path)


_BAD: tuple[tuple[str, Callable[[Path, random.Random], None], set[str]], ...] = (
    ("empty.txt", _bytes(lambda _: b""), {"empty"}),
    ("blank.txt", _bytes(lambda _: "　\n\n ".encode()), {"empty"}),
    ("noise.txt", _bytes(lambda chance: chance.randbytes(5_000)), {"binary", "encoding"}),
    ("scan.pdf", _bytes(lambda chance: b"%PDF-1.4\n" + chance.randbytes(2_000)), {"binary"}),
    ("report.docx", _bytes(lambda chance: b"PK\x03\x04" + chance.randbytes(2_000)), {"binary"}),
    ("large.txt", _large, {"too_large"}),
    ("locked.txt", _locked, {"permission"}),
    (
        "encoding.txt",
        _bytes(lambda _: "政府信息公开".encode() + b"\xff\xfe\x81" * 300),
        {"encoding", "binary"},
    ),
    ("cut.txt", _bytes(lambda _: report(3)[:40]), {"not_a_report", "encoding"}),
    (
        "letter.txt",
        _bytes(lambda _: "今天天气很好，我们去公园。\n".encode() * 50),
        {"not_a_report"},
    ),
    ("circle", _circle, {"loop"}),
    ("itself.txt", _itself, {"loop"}),
    ("nowhere.txt", _nowhere, {"missing"}),
    ("pipe.txt", _pipe, {"unreadable"}),
)


def hostile() -> Iterator[tuple[str, bytes]]:
    """Texts that are reports and long work for a careless pattern; they may be read or not, but
    the run must go on."""
    head = "某县2020年政府信息公开工作年度报告\n一、总体情况\n"
    yield "digits.txt", (head + "收到申请" + "9" * 2_000_000 + "件。").encode()
    yield "commas.txt", (head + "其中" + "1件、" * 400_000 + "共2件。").encode()
    yield "brackets.txt", (head + "（" * 300_000 + "申请3件").encode()
    yield "table.txt", (head + "|" * 2_000_000).encode()
    yield "lines.txt", (head + "\n" * 3_000_000 + "申请3件").encode()
    yield "one-sentence.txt", (head + "主动公开政府信息3条" * 300_000).encode()


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--bad", action="store_true", help="bad files instead")
    args = parser.parse_args()
    if args.bad:
        for path, codes in write_bad(args.folder, args.count).items():
            print(path, "|".join(sorted(codes)))
    else:
        print(write(args.folder, args.count))
    return 0


if __name__ == "__main__":
    sys.path.insert(0, os.fspath(ROOT))
    sys.exit(main())
