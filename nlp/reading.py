"""Bytes, path or standard input to a `Document`: decoding, newlines, one-to-one folding.

The decoded text is what every offset points into: exactly what the bytes decode to, so that anyone
can check an offset, less a byte order mark. Carriage returns and control characters keep their
place there; in `folded` they are blanks (a CR alone is a line end).

Encodings are tried strictly, in a fixed order (the same bytes always give the same text): a byte
order mark, UTF-16 where there are zero bytes, UTF-8, and then whichever of GB18030, Big5 and UTF-16
gives usual characters. A guess by statistics over byte pairs is not made.
"""

from __future__ import annotations

import hashlib
import os
import re
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from nlp.errors import InputError
from nlp.records import Document, Source

if TYPE_CHECKING:
    from opencc import OpenCC

MAX_BYTES = 20 * 1024 * 1024
STDIN = "-"

_PLAUSIBLE = 0.8
_FEW_CONTROLS = 0.02
_SAMPLE = 20_000
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_MAGIC = (
    (b"%PDF-", "PDF", "先转换成文本（例如 pdftotext -layout）再读"),
    (b"PK\x03\x04", "docx、xlsx、ofd 或 zip", "先解压或另存为纯文本再读"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "doc、xls 或 wps", "先另存为纯文本再读"),
    (b"{\\rtf", "RTF", "先另存为纯文本再读"),
    (b"\x89PNG", "PNG 图片", "先做文字识别再读"),
    (b"\xff\xd8\xff", "JPEG 图片", "先做文字识别再读"),
    (b"GIF8", "GIF 图片", "先做文字识别再读"),
    (b"II*\x00", "TIFF 图片", "先做文字识别再读"),
    (b"MM\x00*", "TIFF 图片", "先做文字识别再读"),
    (b"\x1f\x8b", "gzip", "先解压再读"),
    (b"Rar!", "rar", "先解压再读"),
    (b"7z\xbc\xaf\x27\x1c", "7z", "先解压再读"),
    (b"\x7fELF", "可执行", "请指定报告的文本文件"),
)
_HTML = re.compile(
    r"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CONTROLS = bytes((*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))


def read_path(path: str | Path) -> Document:
    """The report in a file. Raises `InputError` with code missing, folder, permission, unreadable,
    too_large, empty, binary or encoding; a file above `MAX_BYTES` is refused before it is read."""
    return read_bytes(file_bytes(path), path=_printable(path))


def file_bytes(path: str | Path) -> bytes:
    """The bytes of a file. Raises `InputError` as `read_path` does, but for what they hold."""
    name = _printable(path)
    try:
        if Path(path).stat().st_size > MAX_BYTES:
            raise _too_large(name)
        with Path(path).open("rb") as stream:
            return _read_bounded(stream, name)
    except (FileNotFoundError, NotADirectoryError) as error:
        raise InputError("missing", "文件不存在", where=name, advice="请检查路径") from error
    except IsADirectoryError as error:
        advice = "请指定其中的文件，或用 python -m nlp.batch 处理整个文件夹"
        raise InputError("folder", "这是文件夹，不是文件", where=name, advice=advice) from error
    except PermissionError as error:
        raise InputError(
            "permission", "没有读取权限", where=name, advice="请检查文件权限"
        ) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "路径无效"
        raise InputError(
            "unreadable", f"无法读取（{reason}）", where=name, advice="请检查路径"
        ) from error


def read_stdin() -> Document:
    """The report on standard input; its path is "-". Raises `InputError` as `read_path` does."""
    return read_bytes(_read_bounded(sys.stdin.buffer, STDIN), path=STDIN)


def read_bytes(data: bytes, *, path: str) -> Document:
    """Decode a report. `path` is only a name for messages and `source.path`. Raises `InputError`
    with code too_large, empty, binary or encoding."""
    if len(data) > MAX_BYTES:
        raise _too_large(path)
    _refuse_known_binary(data, path)
    text, encoding = _decode(data, path)
    if text.startswith("\ufeff"):
        text = text[1:]
    folded = fold(re.sub(r"\r(?!\n)", "\n", text))
    if not folded.strip():
        raise InputError("empty", "文件是空的", where=path, advice="请检查文件内容")
    source = Source(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        format="html" if _HTML.match(text[:2000]) else "txt",
        encoding=encoding,
        text_length=len(text),
    )
    return Document(source=source, text=text, folded=folded)


def fold(text: str) -> str:
    """`text` as the rules read it: one character for each, so offsets agree.

    Full-width digits, letters and ％＋－．／＝ become half-width; every blank, zero-width and
    control character but "\\n" and "\\t" becomes " "; Kangxi and compatibility forms become the
    ordinary character; characters outside GB2312 become simplified where there is a simplified
    form, and so do the four that GB2312 encodes (於, 後, 徵; 覆 but for 覆盖). Chinese punctuation
    stays as printed, since sentences are cut by it."""
    folded = _foldable().sub(_fold_run, text)
    return _OLD_IN_GB2312.sub(lambda old: _OLD[old.group()], folded)


_OLD = {"於": "于", "後": "后", "徵": "征", "覆": "复"}
_OLD_IN_GB2312 = re.compile("[於後徵]|覆(?![盖没辙])")


def _fold_run(run: re.Match[str]) -> str:
    return run[0].translate(_FOLDING)


@cache
def _foldable() -> re.Pattern[str]:
    """Runs of characters that may fold to another: translating only them is 14 times faster."""
    pairs = bytes(b for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for b in (row, cell))
    codes = sorted(map(ord, pairs.decode("gb2312", "ignore")))
    firsts = [code for code, before in zip(codes, [0, *codes], strict=False) if code != before + 1]
    lasts = [code for code, after in zip(codes, [*codes[1:], 0], strict=True) if after != code + 1]
    runs = (f"{chr(a)}-{chr(b)}" for a, b in zip(firsts, lasts, strict=True))
    return re.compile(f"[^\n\t -~，。；：（）“”、《》！？—…·‘’{''.join(runs)}]+")


class _Folding(dict[int, int]):
    """Folds of characters, each worked out when it is first met."""

    def __missing__(self, code: int) -> int:
        folded = ord(_fold_character(chr(code)))
        self[code] = folded
        return folded


_FOLDING = _Folding({9: 9, 10: 10})

# Radicals that PDF converters print for the character, and that NFKC leaves alone.
_RADICALS = dict(
    zip(
        "⺁⺎⺠⺢⺩⺫⺮⺶⻁⻄⻅⻆⻉⻋⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
        "厂兀民水王目竹羊虎西见角贝车长门雨青韦页风飞食马骨鬼鱼鸟卤麦黄齐齿龙龟",
        strict=True,
    )
)


def _fold_character(character: str) -> str:
    code = ord(character)
    if 0x20 <= code < 0x7F or character in "\n\t":
        return character
    if unicodedata.category(character) in ("Zs", "Zl", "Zp", "Cc", "Cf"):
        return " "
    if 0xFF01 <= code <= 0xFF5E:
        # ！（），：；？～ end or group Chinese clauses: they stay
        return character if character in "！（），：；？～" else chr(code - 0xFEE0)
    if character in "﹪﹢﹣":
        return "%+-"["﹪﹢﹣".index(character)]
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF or 0x2F800 <= code <= 0x2FA1F:
        normal = unicodedata.normalize("NFKC", character)
        character = _RADICALS.get(character) or _single(normal, character)
    return _simplified(character)


def _simplified(character: str) -> str:
    """GB2312 has every simplified character in use, so only what it lacks is looked up."""
    code = ord(character)
    if not (0x3400 <= code <= 0x9FFF or 0x20000 <= code <= 0x323AF):
        return character
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        simple = _single(_converter().convert(character), character)
        # 薴 gives 苧, which gives 苎: folding twice must change nothing more
        return simple if simple == character else _simplified(simple)
    return character


def _single(folded: str, otherwise: str) -> str:
    return folded if len(folded) == 1 else otherwise


@cache
def _converter() -> OpenCC:
    import opencc  # loading its dictionaries takes 25 ms, and most reports need none

    return opencc.OpenCC("t2s")


def _read_bounded(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    return data


def _decode(data: bytes, path: str) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data.decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise _undecodable(path, error.start, encoding) from error
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if controls > _FEW_CONTROLS * len(data) or 0 in data:
        wide = _most_plausible(data, ("utf-16-le", "utf-16-be"))
        if wide:
            return wide
        if controls > _FEW_CONTROLS * len(data):
            raise _binary(path, "二进制", "请先转换成纯文本")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        furthest = error.start
    # UTF-16 without a mark, a digit or a line break has no zero byte at all
    found = _most_plausible(data, ("gb18030", "big5", "utf-16-le", "utf-16-be"))
    if found:
        return found
    for encoding in ("gb18030", "big5"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError as error:
            furthest = max(furthest, error.start)
    raise _undecodable(path, furthest, "utf-8、gb18030、big5、utf-16")


def _most_plausible(data: bytes, encodings: tuple[str, ...]) -> tuple[str, str] | None:
    """The strict decoding with the most usual characters, the earlier one of equals; or None."""
    best, found = _PLAUSIBLE, None
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        share = _plausibility(text)
        if share > best:
            best, found = share, (text, encoding)
    return found


def _plausibility(text: str) -> float:
    """The share of usual characters: ASCII counts a little, since any encoding agrees on it."""
    sample = text[:_SAMPLE]
    usual = _usual_characters()
    foreign = [character for character in sample if character > "\x7f"]
    weight = len(foreign) + 0.1 * (len(sample) - len(foreign))
    good = sum(character in usual for character in foreign)
    good_ascii = sum(" " <= character < "\x7f" or character in "\t\n\r" for character in sample)
    return (good + 0.1 * good_ascii) / weight if weight else 0.0


@cache
def _usual_characters() -> frozenset[str]:
    """The 3,755 most used simplified and 5,401 traditional characters, and Chinese symbols."""
    simplified = bytes(
        byte
        for row in (*range(0xA1, 0xAA), *range(0xB0, 0xD8))
        for cell in range(0xA1, 0xFF)
        for byte in (row, cell)
    )
    traditional = bytes(
        byte
        for row in (*range(0xA1, 0xA4), *range(0xA4, 0xC7))
        for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF))
        for byte in (row, cell)
    )
    usual = simplified.decode("gb2312", "ignore") + traditional.decode("big5", "ignore")
    kana_and_letters = {chr(code) for code in (*range(0x370, 0x530), *range(0x3040, 0x3100))}
    extra = "\u00a0\u3000\u200b\ufeff——–•·…○〇①②③④⑤⑥⑦⑧⑨⑩㎡"
    return frozenset(usual) - kana_and_letters - {"\ufffd"} | frozenset(extra)


def _refuse_known_binary(data: bytes, path: str) -> None:
    for magic, kind, advice in _MAGIC:
        if data.startswith(magic):
            raise _binary(path, kind, advice)


def _binary(path: str, kind: str, advice: str) -> InputError:
    return InputError("binary", f"这是{kind}文件，不是文本", where=path, advice=advice)


def _too_large(path: str) -> InputError:
    problem = f"文件超过 {MAX_BYTES // 1024 // 1024} MB，不像一份报告"
    return InputError("too_large", problem, where=path, advice="请把各份报告分开保存")


def _undecodable(path: str, offset: int, encoding: str) -> InputError:
    problem = f"第 {offset} 字节处无法解码（试过 {encoding}）"
    return InputError("encoding", problem, where=path, advice="请另存为 UTF-8 再读")


def _printable(path: str | Path) -> str:
    """File names may hold bytes that are no text; messages and JSON may not."""
    return os.fspath(path).encode("utf-8", "surrogateescape").decode("utf-8", "replace")
