"""How the command sets up the C library: only its own process, and in another way once a log is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from zhiheng.analyze import memory
from zhiheng.analyze.readers import read, stream
from zhiheng.analyze.readers.content import identify
from zhiheng.analyze.tests.logs import write

ROWS = "number,incident_state,sys_updated_at\n" + "A1,New,29/2/2016 01:23\n" * 40


@pytest.fixture
def options(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, int]]:
    """What the C library is told from here on."""
    told: list[tuple[int, int]] = []
    monkeypatch.setattr(memory, "_set", lambda option, value: told.append((option, value)))
    return told


def test_only_the_process_of_the_command_is_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: list[tuple[int, int]]
) -> None:
    path = write(tmp_path, ROWS)
    monkeypatch.setattr(memory, "_is_sparing", lambda: False)
    read([path])
    assert options == []
    monkeypatch.setattr(memory, "_is_sparing", lambda: True)
    read([path])
    from_system = [value for option, value in options if option == memory._MMAP_THRESHOLD]
    # Blocks stay in the heap while they are read; what is larger than a column comes from the system afterwards.
    assert from_system[0] > stream._LONG_FILE_BLOCK_BYTES > from_system[-1]


def test_blocks_of_a_long_file_are_larger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, ROWS)
    monkeypatch.setattr(stream, "BLOCK_BYTES", 100)
    monkeypatch.setattr(stream, "_LONG_FILE_BLOCK_BYTES", 10_000)
    assert len(list(stream.TextStream(identify(path)).blocks())) > 5
    monkeypatch.setattr(stream, "_LONG_FILE_BYTES", len(ROWS))
    assert list(stream.TextStream(identify(path)).blocks()) == [ROWS.encode()]
