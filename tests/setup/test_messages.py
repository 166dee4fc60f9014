"""A failed command is explained in one sentence, and every sentence exists in both languages."""

from __future__ import annotations

import errno
import socket
import string
from collections import namedtuple
from pathlib import Path

import pytest

from bootstrap import checks
from bootstrap.messages import TEXTS, SetupError, say

NO_NETWORK_UV = (
    "error: Failed to fetch: `https://index.example/simple/numpy/`\n  Caused by: dns error: failed to lookup"
)
NO_NETWORK_PIP = (
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(…)': /simple/uv/"
)
WRONG_HASH = (
    "error: Failed to prepare distributions\n  Hash mismatch for `six==1.16.0`\n\nExpected:\n  sha256:00"
)
DISK_FULL = "error: failed to copy file: No space left on device (os error 28)"
MISSING_MODULE = "ModuleNotFoundError: No module named 'editables'"
NO_WHEEL = "error: Distribution `pyarrow==26.0.1` can't be installed because it has no usable wheels"
Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("output", "key"),
    [
        (NO_NETWORK_UV, "no_network"),
        (NO_NETWORK_PIP, "no_network"),
        (WRONG_HASH, "hash_mismatch"),
        (DISK_FULL, "disk_full"),
        (NO_WHEEL, "no_wheel"),
        (MISSING_MODULE, "step_failed"),
        ("npm error code ENOTFOUND", "no_network"),
    ],
)
def test_failures_are_recognised(output: str, key: str, tmp_path: Path) -> None:
    assert checks.diagnose(output, step="step", root=tmp_path).key == key


def test_every_sentence_has_the_same_blanks_in_both_languages() -> None:
    for english, chinese in TEXTS.values():
        blanks = [
            {name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, chinese)
        ]
        assert blanks[0] == blanks[1]
        assert any("\u4e00" <= character <= "\u9fff" for character in chinese)


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "正在创建 .venv"),
        ({"LANG": "zh_CN.UTF-8", "LC_ALL": "C"}, "Creating .venv"),
        ({}, "Creating .venv"),
    ],
)
def test_the_terminal_chooses_the_language(
    environment: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert say("step.venv") == expected


def test_a_taken_port_is_named_and_another_offered() -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = str(holder.getsockname()[1])
        with pytest.raises(SetupError, match=port) as caught:
            checks.check_port(port)
    assert caught.value.key == "port_taken"
    checks.check_port(str(checks.free_port(after=int(port))))


@pytest.mark.parametrize("port", ["80", "70000", "http", "", "-1", "8000 "])
def test_what_is_no_port_is_refused(port: str) -> None:
    with pytest.raises(SetupError) as caught:
        checks.check_port(port)
    assert caught.value.key == "bad_port"


def test_a_full_disk_is_noticed_before_the_download(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: Usage(10**12, 10**12, 300_000_000))
    with pytest.raises(SetupError, match="300 MB"):
        checks.check_disk(tmp_path)


@pytest.mark.parametrize(("code", "key"), [(errno.ENOSPC, "disk_full"), (errno.EROFS, "read_only")])
def test_errors_of_the_file_system_are_explained(code: int, key: str, tmp_path: Path) -> None:
    problem = checks.explain(OSError(code, "as the system words it"), root=tmp_path)
    assert isinstance(problem, SetupError)
    assert problem.key == key


def test_what_is_not_known_is_passed_on_as_it_is(tmp_path: Path) -> None:
    missing = FileNotFoundError(errno.ENOENT, "No such file", "x")
    assert checks.explain(missing, root=tmp_path) is missing


def test_a_chinese_font_is_found_by_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "FONT_FOLDERS", (str(tmp_path),))
    (tmp_path / "DejaVuSans.ttf").touch()
    assert not checks.has_cjk_font()
    (tmp_path / "opentype").mkdir()
    (tmp_path / "opentype" / "NotoSansCJK-Regular.ttc").touch()
    assert checks.has_cjk_font()
