"""`python -m nlp.annotate` as a command: what it refuses, how it starts and how it ends."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from annotating import served
from loading import ROOT
from nlp.annotate.__main__ import main

COUNTY = ROOT / "corpora" / "reports" / "2021-tabs-county.txt"


def refused(words: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> str:
    assert main(words) == status
    out, err = capsys.readouterr()
    lines = err.splitlines()
    assert (out, len(lines)) == ("", 1), err
    assert lines[0].startswith("nianbao: ") and "内部错误" not in err
    return lines[0]


def test_what_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ["--annotations", str(tmp_path / "a")]
    assert "没有可标注的报告" in refused(folder, 3, capsys)
    assert "文件不存在" in refused([str(tmp_path / "none"), *folder], 3, capsys)
    assert "姓名" in refused([str(COUNTY), "--name", "../x", *folder], 2, capsys)
    models = ["--models", str(tmp_path / "nowhere")]
    assert "current.toml" in refused([str(COUNTY), *folder, *models], 4, capsys)
    (tmp_path / "file").touch()
    blocked = ["--annotations", str(tmp_path / "file"), "--name", "x"]
    assert "无法写入" in refused([str(COUNTY), *blocked], 2, capsys)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert f"端口 {port}" in refused([str(COUNTY), *folder, "--port", port], 2, capsys)
    assert "端口 70000" in refused([str(COUNTY), *folder, "--port", "70000"], 2, capsys)


def test_missing_libraries_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "waitress", None)
    line = refused([str(COUNTY), "--annotations", str(tmp_path)], 4, capsys)
    assert "waitress" in line and "nianbao-nlp[annotate]" in line


def test_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--port", "many"])
    assert end.value.code == 2
    assert "nlp.annotate" in capsys.readouterr().err


def test_help_imports_nothing_heavy() -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\n"
        "from nlp.annotate.__main__ import main\n"
        "try:\n    main(['--help'])\nexcept SystemExit as end:\n    assert end.code == 0\n"
        "heavy = {'flask', 'waitress', 'sklearn', 'jieba', 'numpy', 'duckdb'}\n"
        "print('HEAVY', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_it_listens_on_this_computer_alone_and_ends_in_order(tmp_path: Path) -> None:
    with served(tmp_path, COUNTY, by="王") as at:
        assert at.address.startswith("http://127.0.0.1:")
        assert len(at.token) >= 32
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(at.base, timeout=10)
        port = int(at.base.rstrip("/").rpartition(":")[2])
        with socket.socket() as elsewhere:
            elsewhere.settimeout(2)
            assert elsewhere.connect_ex((_own_address(), port)) != 0
        assert at.process is not None
        at.process.terminate()
        _, err = at.process.communicate(timeout=20)
        assert at.process.returncode == 0
        assert "标注人 王" in err and "Traceback" not in err


def _own_address() -> str:
    """An address of this computer by which others reach it; where it has none, one that nobody has."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return "127.1.2.3"
        return str(probe.getsockname()[0])
