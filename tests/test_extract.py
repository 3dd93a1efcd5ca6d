"""The command line: statuses, streams, records. What the pipeline finds is tested elsewhere."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import nlp
import stubs
from nlp import __version__
from nlp.extract import main

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
REPORTS = sorted((ROOT / "corpora" / "reports").glob("*.txt"))
_STUBBED = (
    f"import sys; sys.path[:0] = [{str(HERE)!r}, {str(ROOT)!r}]; import stubs; stubs.install(); "
    "from nlp.extract import main; sys.exit(main())"
)


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, module in stubs.modules().items():
        monkeypatch.setitem(sys.modules, f"nlp.{name}", module)
        monkeypatch.setattr(nlp, name, module, raising=False)


def run_stubbed(
    words: Sequence[str], *, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-c", _STUBBED, *words]
    return subprocess.run(
        command, capture_output=True, env={**os.environ, **(env or {})}, timeout=60
    )


def printed_lines(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    captured = capsys.readouterr()
    return captured.out.splitlines(), captured.err.splitlines()


# Exit statuses


@pytest.mark.usefixtures("stubbed")
@pytest.mark.parametrize(
    ("words", "status"),
    [
        (["good.txt"], 0),
        (["different.txt"], 0),
        (["different.txt", "--fail-on", "mismatch"], 1),
        (["different.txt", "--fail-on", "violated"], 1),
        (["good.txt", "--fail-on", "violated", "--fail-on", "mismatch"], 0),
        (["good.txt", "different.txt", "--fail-on", "violated"], 1),
        (["missing.txt"], 3),
        (["missing.txt", "good.txt"], 3),
        (["different.txt", "missing.txt", "--fail-on", "mismatch"], 3),
        (["bug.txt", "good.txt"], 3),
        (["corrupt.txt"], 4),
        (["missing.txt", "corrupt.txt", "good.txt"], 4),
        (["endless.txt"], 130),
        (["-"], 0),
    ],
)
def test_status(words: list[str], status: int) -> None:
    assert main(words) == status


@pytest.mark.parametrize(
    "words", [[], ["--format", "xml", "a.txt"], ["a.txt", "--fail-on"], ["a.txt", "--fail-on", "x"]]
)
def test_wrong_usage_is_2(words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(words)
    assert caught.value.code == 2


# What is printed where


@pytest.mark.usefixtures("stubbed")
def test_other_files_go_on_and_json_has_a_record_for_each(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["good.txt", "missing.txt", "bug.txt", "different.txt", "--format", "json"]) == 3
    out, err = printed_lines(capsys)
    records = [json.loads(line) for line in out]
    assert [list(record)[:2] for record in records] == [
        ["schema", "source"], ["source", "error"], ["source", "error"], ["schema", "source"],
    ]  # fmt: skip
    assert records[1] == {
        "source": {"path": "missing.txt"},
        "error": {"code": "not_found", "message": "missing.txt：没有这个文件；请检查路径"},
    }
    assert records[2]["error"]["code"] == "internal"
    assert len(err) == 2
    assert err[0] == "nianbao: missing.txt：没有这个文件；请检查路径"


@pytest.mark.usefixtures("stubbed")
def test_one_unreadable_file_prints_its_record_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["missing.txt", "--format", "json"]) == 3
    out, err = printed_lines(capsys)
    assert json.loads(out[0])["error"]["code"] == "not_found"
    assert len(out) == len(err) == 1


@pytest.mark.usefixtures("stubbed")
def test_errors_are_one_line_and_tracebacks_only_for_debug(
    capsys: pytest.CaptureFixture[str],
) -> None:
    main(["bug.txt"])
    out, err = printed_lines(capsys)
    assert out == []
    assert len(err) == 1
    assert "ValueError: something unforeseen" in err[0]
    assert "--debug" in err[0]
    main(["bug.txt", "--debug"])
    _, err = printed_lines(capsys)
    assert err[0].startswith("Traceback")


@pytest.mark.usefixtures("stubbed")
def test_a_broken_installation_ends_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["corrupt.txt", "good.txt"]) == 4
    out, err = printed_lines(capsys)
    assert out == []
    assert err == ["nianbao: 规则缺失；请重新安装"]


@pytest.mark.usefixtures("stubbed")
def test_interruption_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    main(["endless.txt"])
    assert printed_lines(capsys) == ([], ["nianbao: 已中断"])


@pytest.mark.usefixtures("stubbed")
def test_repeated_paths_are_read_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["a.txt", "./a.txt", str(tmp_path / "a.txt"), "-", "-", "b.txt", "--format", "json"]
    assert main(words) == 0
    assert len(printed_lines(capsys)[0]) == 3


@pytest.mark.usefixtures("stubbed")
def test_options_reach_the_output(capsys: pytest.CaptureFixture[str]) -> None:
    main(["a.txt", "--format", "json", "--include-text", "--why"])
    record = json.loads(capsys.readouterr().out)
    assert record["text"] == stubs.TEXT
    assert "why" in record["facts"][0]
    main(["a.txt", "b.txt", "--lang", "en"])
    assert capsys.readouterr().out.count("body unknown") == 0
    main(["different.txt", "--lang", "en", "--why"])
    assert "confidence 95%" in capsys.readouterr().out


@pytest.mark.usefixtures("stubbed")
def test_several_screens_are_apart(capsys: pytest.CaptureFixture[str]) -> None:
    main(["a.txt", "b.txt"])
    screens = capsys.readouterr().out
    assert screens.startswith(f"==> a.txt <==\n{stubs.TITLE}\n")
    assert f"\n\n==> b.txt <==\n{stubs.TITLE}\n" in screens


# --output


@pytest.mark.usefixtures("stubbed")
def test_output_goes_to_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    place = tmp_path / "out.json"
    assert main(["a.txt", "missing.txt", "--format", "json", "--output", str(place)]) == 3
    assert capsys.readouterr().out == ""
    lines = place.read_text("utf-8").splitlines()
    assert [("error" in json.loads(line)) for line in lines] == [False, True]
    assert "申请" in lines[0]


@pytest.mark.usefixtures("stubbed")
def test_output_stays_as_it_was_when_the_command_ends_early(tmp_path: Path) -> None:
    place = tmp_path / "out.txt"
    place.write_text("before", "utf-8")
    assert main(["a.txt", "corrupt.txt", "--output", str(place)]) == 4
    assert place.read_text("utf-8") == "before"
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.usefixtures("stubbed")
def test_output_is_never_one_of_the_reports(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    report = tmp_path / "report.txt"
    report.write_text("x", "utf-8")
    assert main([str(report), "--output", str(tmp_path / "." / "report.txt")]) == 2
    assert main([str(report), "--output", str(tmp_path / "no" / "out.txt")]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert report.read_text("utf-8") == "x"


# Streams of other encodings, pipes, interruption: in a process of their own


@pytest.mark.parametrize("encoding", ["ascii", "gbk", "cp1252", "utf-8"])
def test_json_is_json_in_any_encoding(encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = run_stubbed(["good.txt", "--format", "json", "--include-text"], env=env)
    assert done.returncode == 0
    assert json.loads(done.stdout.decode(encoding))["text"] == stubs.TEXT


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_text_and_errors_print_in_any_encoding(encoding: str) -> None:
    env = {"PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    done = run_stubbed(["different.txt", "missing-é.txt"], env=env)
    assert done.returncode == 3
    assert b"Traceback" not in done.stderr
    assert "35" in done.stdout.decode(encoding)
    assert len(done.stderr.decode(encoding).splitlines()) == 1
    if encoding == "gbk":
        assert "收到申请数" in done.stdout.decode("gbk")


def test_a_reader_that_goes_away_is_no_error() -> None:
    words = [f"{number}.txt" for number in range(300)]
    command = [sys.executable, "-c", _STUBBED, *words, "--format", "json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 141


@pytest.mark.skipif(os.name == "nt", reason="signals are sent otherwise on Windows")
def test_ctrl_c_leaves_with_130_and_one_line() -> None:
    wait = _STUBBED.replace(
        "from nlp.extract", "import nlp; nlp.reading.read_stdin = sys.stdin.read; from nlp.extract"
    )
    # A shell that runs the tests in the background leaves SIGINT ignored, for its children too.
    wait = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n" + wait
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", wait + " # waits on stdin", "ready.txt", "-"]
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.send_signal(signal.SIGINT)
        errors = process.stderr.read().decode("utf-8").splitlines()
    assert errors == ["nianbao: 已中断"]
    assert process.returncode == 130


# --help and --version


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["--help", "--lang", "en"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from nlp.extract import main\n"
        f"try:\n    main({words!r})\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'spacy', 'sklearn', 'jieba', 'spacy_pkuseg', 'numpy', 'regex', 'opencc',\n"
        "         'wcwidth', 'nlp.pipeline', 'nlp.reading'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", timeout=60,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "HEAVY []"
    assert ("--fail-on" in done.stdout) == ("--help" in words)


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"nianbao {__version__}\n"


@pytest.mark.parametrize("words", [["--help"], ["--lang=en", "--help"]])
def test_help_prints_on_a_console_without_chinese(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    with pytest.raises(SystemExit):
        main(words)
    sys.stdout.flush()
    assert b"usage: nianbao" in raw.getvalue()


# With the real pipeline


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_reports_of_the_project_are_read(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(path), "--format", "json", "--include-text"]) == 0
    record = json.loads(capsys.readouterr().out)
    assert record["report"]["year"] is not None
    assert record["facts"]
    text = record["text"]
    assert len(text) == record["source"]["text_length"]
    for quoted in record["facts"] + record["items"]:
        assert text[quoted["start"] : quoted["end"]] == quoted["text"]
    for cell in record["cells"]:
        assert text[cell["start"] : cell["end"]] == cell["raw"]


def test_standard_input_gives_what_the_file_gives() -> None:
    path = REPORTS[0]
    command = [sys.executable, "-m", "nlp.extract", "--format", "json"]
    by_name = subprocess.run([*command, str(path)], capture_output=True, cwd=ROOT, timeout=60)
    piped = subprocess.run(
        [*command, "-"], input=path.read_bytes(), capture_output=True, cwd=ROOT, timeout=60
    )
    one, other = json.loads(by_name.stdout), json.loads(piped.stdout)
    one["source"].pop("path")
    other["source"].pop("path")
    assert one == other


def test_unreadable_files_of_many_kinds_are_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "zeros.bin").write_bytes(b"\0\1\2\xff" * 500)
    words = [str(tmp_path), str(tmp_path / "none.txt"), str(tmp_path / "zeros.bin")]
    done = subprocess.run(
        [sys.executable, "-m", "nlp.extract", *words, "--format", "json"],
        capture_output=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 3
    codes = [json.loads(line)["error"]["code"] for line in done.stdout.splitlines()]
    assert len(codes) == 3
    assert "internal" not in codes


# Every kind of file that cannot be read

BAD_FILES: dict[str, tuple[bytes | None, str]] = {
    "missing.txt": (None, "missing"),
    "empty.txt": (b"", "empty"),
    "blank.txt": ("\ufeff \n\t　\n".encode(), "empty"),
    "binary.bin": (b"\0\1\2\xff" * 500, "binary"),
    "report.pdf": (b"%PDF-1.7\n...", "binary"),
    "report.docx": (b"PK\x03\x04" + b"\0" * 60, "binary"),
    "report.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, "binary"),
    "cut.txt": ("信息公开年度报告。".encode() * 40 + b"\xe6\x94", "encoding"),
    "bytes.txt": ("信息公开".encode() + b"\xff\xff" + "年度报告".encode() * 40, "encoding"),
    "poem.txt": ("床前明月光，疑是地上霜。\n举头望明月，低头思故乡。\n".encode(), "not_a_report"),
}


def bad_file(folder: Path, name: str) -> str:
    data, _ = BAD_FILES[name]
    if data is not None:
        (folder / name).write_bytes(data)
    return str(folder / name)


def assert_refused(
    words: list[str], code: str, capsys: pytest.CaptureFixture[str]
) -> dict[str, str]:
    """Status 3, one line on stderr, a record with the code; the report after it is read."""
    good = str(REPORTS[0])
    assert main([*words, good, "--format", "json"]) == 3
    out, err = printed_lines(capsys)
    assert len(err) == len(words), err
    records = [json.loads(line) for line in out]
    assert [record.get("error", {}).get("code") for record in records] == [code] * len(words) + [
        None
    ]
    assert records[-1]["source"]["path"] == good
    for line, record, path in zip(err, records, words, strict=False):
        assert list(record) == ["source", "error"]
        assert line == f"nianbao: {record['error']['message']}"
        assert record["source"]["path"] == path
        assert path in line
    error: dict[str, str] = records[0]["error"]
    return error


@pytest.mark.parametrize("name", BAD_FILES)
def test_files_that_cannot_be_read(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert_refused([bad_file(tmp_path, name)], BAD_FILES[name][1], capsys)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("", "folder"),
        ("no/such/folder/report.txt", "missing"),
        ("a.txt/report.txt", "missing"),
        ("长" * 300 + ".txt", "unreadable"),
        ("两\n行.txt", "missing"),
    ],
)
def test_paths_that_cannot_be_read(
    path: str, code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.txt").write_bytes(b"x")
    whole = str(tmp_path / path) if path else str(tmp_path)
    assert main([whole, str(REPORTS[0]), "--format", "json"]) == 3
    out, err = printed_lines(capsys)
    assert len(err) == 1 and len(out) == 2
    assert json.loads(out[0])["error"]["code"] == code


def test_fifty_megabytes_of_text_are_refused_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = tmp_path / "large.txt"
    with report.open("wb") as stream:
        stream.write("政府信息公开年度报告。".encode())
        stream.truncate(50 * 1024 * 1024)
    error = assert_refused([str(report)], "too_large", capsys)
    assert "20 MB" in error["message"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read all")
def test_a_file_without_permission(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "secret.txt").touch(mode=0o000)
    assert_refused([str(tmp_path / "secret.txt")], "permission", capsys)


def test_many_bad_files_at_once_on_a_screen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    paths = [bad_file(tmp_path, name) for name in BAD_FILES]
    assert main([*paths, str(REPORTS[0])]) == 3
    out, err = printed_lines(capsys)
    assert len(err) == len(BAD_FILES)
    assert sum(line.startswith("==> ") for line in out) == 1


@pytest.mark.parametrize(
    "name", [name for name, (data, _) in BAD_FILES.items() if data is not None]
)
def test_standard_input_that_cannot_be_read(name: str) -> None:
    data, code = BAD_FILES[name]
    done = subprocess.run(
        [sys.executable, "-m", "nlp.extract", "-", "--format", "json"],
        input=data, capture_output=True, cwd=ROOT, timeout=60,
    )  # fmt: skip
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    record = json.loads(done.stdout)
    assert (record["source"]["path"], record["error"]["code"]) == ("-", code)
