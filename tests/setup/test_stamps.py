"""A step is done again exactly when what it is made from changed."""

from __future__ import annotations

from pathlib import Path

from bootstrap.stamps import Stamp


def stamp(folder: Path, *inputs: Path, interpreter: str = "3.11.2 /usr") -> Stamp:
    return Stamp(name="step", folder=folder / "stamps", inputs=inputs, interpreter=interpreter)


def test_another_interpreter_is_a_change(tmp_path: Path) -> None:
    stamp(tmp_path).write()
    assert stamp(tmp_path).fresh()
    assert not stamp(tmp_path, interpreter="3.12.1 /usr").fresh()


def test_fresh_only_after_it_was_done_from_the_same_content(tmp_path: Path) -> None:
    source = tmp_path / "in.txt"
    source.write_text("one", encoding="utf-8")
    assert not stamp(tmp_path, source).fresh()
    stamp(tmp_path, source).write()
    assert stamp(tmp_path, source).fresh()
    source.write_text("two", encoding="utf-8")
    assert not stamp(tmp_path, source).fresh()


def test_a_file_more_is_a_change_and_order_is_not(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("x", encoding="utf-8")
    second.write_text("", encoding="utf-8")
    stamp(tmp_path, first).write()
    assert not stamp(tmp_path, first, second).fresh()
    stamp(tmp_path, first, second).write()
    assert stamp(tmp_path, second, first).fresh()
