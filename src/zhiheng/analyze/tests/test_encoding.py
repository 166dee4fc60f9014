"""Encodings told apart and mojibake undone, against Python's own codecs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiheng.analyze.encoding import LineDecoder, detect, looks_utf16, repair_mojibake

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=1, max_size=30)


def misread(text: str) -> str:
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in text.encode())


@given(CHINESE)
def test_chinese_misread_once_or_twice_is_restored(text: str) -> None:
    assert repair_mojibake(misread(text)) == text
    assert repair_mojibake(misread(misread(text))) == text
    assert repair_mojibake(text) == text


@pytest.mark.parametrize(
    "text", ["plain", "Müller", "naïve café", "Å", "Ünïcode Ñandú", "5 € – ok", "¿Qué?", "Ã"]
)
def test_genuine_western_text_is_left_alone(text: str) -> None:
    assert repair_mojibake(text) == text


def test_characters_lost_in_the_misreading_stay_lost_but_alone() -> None:
    # 单 is E5 8D 95; Python's cp1252 has no 8D.
    assert repair_mojibake("工单中".encode().decode("cp1252", "replace")) == "工\ufffd中"


@given(CHINESE)
def test_utf8_is_always_recognised(text: str) -> None:
    assert detect(f"号,{text}\n".encode()) == "utf-8"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("工单号,状态\n001,处理中\n", "gb18030"),
        ("故障，已恢复。\n", "gb18030"),
        ("Größe,Müller,café\n", "cp1252"),
        ("Erfüllt;Gelöst;Über\n", "cp1252"),
    ],
)
def test_the_others_by_the_pairing_of_high_bytes(text: str, encoding: str) -> None:
    assert detect(text.encode(encoding)) == encoding


def test_a_stray_byte_in_utf8_is_replaced_and_counted() -> None:
    decoder = LineDecoder()
    assert decoder.to_utf8(b"plain\n") == b"plain\n"
    assert decoder.damaged == 0
    block = "工单处理完成\n".encode() + b"\xff\n"
    assert decoder.to_utf8(block).decode() == "工单处理完成\n\ufffd\n"
    assert (decoder.encoding, decoder.damaged) == ("utf-8", 1)


def test_utf16_without_a_mark() -> None:
    assert looks_utf16("number,state\n".encode("utf-16-le")) == "utf-16-le"
    assert looks_utf16("number,state\n".encode("utf-16-be")) == "utf-16-be"
    assert looks_utf16(b"number,state\n") is None
