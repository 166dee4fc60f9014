"""The readable summary of a report in a terminal: the answers first, then indicators and defects."""

from typing import Any

from zhiheng.analyze.narrative import answers, exemptions_answer
from zhiheng.analyze.texts import Texts
from zhiheng.analyze.wording import width_of

SYMBOLS = {"met": "✓", "not_met": "✗", "no_target": "·", "not_enough_data": "–", "not_computable": "–"}
DEFECT_SYMBOLS = {"confirmed": "✗", "watch": "!", "absent": "✓"}
COLOURS = {"✓": "32", "✗": "31", "!": "33", "?": "33"}
RULE = "─"
NAME_WIDTH = 34


def summary(report: dict[str, Any], texts: Texts, *, colour: bool = False) -> str:
    """The report as lines of text."""
    window, zone = report["window"], report["window"]["timezone"]
    lines = [
        "",
        f"{texts('title')}  {', '.join(report['source']['files'])}",
        " · ".join(
            (
                texts(
                    "period", start=texts.day(window["from_s"], zone), end=texts.day(window["to_s"] - 1, zone)
                ),
                texts("cut_line", cut=texts.moment(window["cut_s"], zone)),
                texts("calendar_line", calendar=window["calendar"], zone=zone),
            )
        ),
        "",
        *answers(report, texts),
        "",
        *_indicators(report, texts, colour),
        "",
        *_defects(report, texts, colour),
        "",
        *_quality(report, texts),
        "",
    ]
    return "\n".join(lines) + "\n"


def _indicators(report: dict[str, Any], texts: Texts, colour: bool) -> list[str]:
    lines = [_rule(texts("section_indicators"))]
    for item in report["indicators"].values():
        if item["verdict"] == "not_computable":
            continue
        lines.append(_indicator(item, texts.of(item["name"]), texts, colour))
        for group in item["groups"]:
            name = f"  {texts('scope_' + group['scope'])} {group['name']}"
            lines.append(_indicator(group, name, texts, colour))
        if beside := with_exempt_words(item, texts):
            lines.append(f"   {_pad('', NAME_WIDTH)}  {beside}")
    return [*lines, f"  {exemptions_answer(report, texts)}"]


def _indicator(item: dict[str, Any], name: str, texts: Texts, colour: bool) -> str:
    unit = item["unit"]
    symbol = "?" if item["uncertain"] else SYMBOLS[item["verdict"]]
    interval = ""
    if item["low"] is not None:
        interval = f"{texts.value(item['low'], unit)} – {texts.value(item['high'], unit)}"
    verdict = texts(f"verdict_{item['verdict']}") + (f" ({texts('uncertain')})" if item["uncertain"] else "")
    return "  ".join(
        (
            _paint(symbol, colour),
            _pad(name, NAME_WIDTH),
            _pad(texts.value(item["value"], unit), 11, right=True),
            _pad(interval, 23),
            _pad(f"n {item['n']:,}", 10),
            _pad(target_words(item, texts), 12),
            verdict,
        )
    ).rstrip()


def _defects(report: dict[str, Any], texts: Texts, colour: bool) -> list[str]:
    lines = [_rule(texts("section_defects"))]
    for name, item in report["defects"].items():
        if item["state"] not in DEFECT_SYMBOLS:
            continue
        signal = leading_signal(item)
        evidence = (
            f"{texts.of(signal['name'])}: {texts.value(signal['value'], signal['unit'])}" if signal else ""
        )
        head = f"{name} {texts.of(item['name'])}"
        symbol = _paint(DEFECT_SYMBOLS[item["state"]], colour)
        lines.append(
            f"{symbol}  {_pad(head, NAME_WIDTH + 4)}  {_pad(texts('state_' + item['state']), 10)}  {evidence}"
        )
    return lines


def _quality(report: dict[str, Any], texts: Texts) -> list[str]:
    lines = [_rule(texts("section_quality"))]
    return lines + [
        f"  {texts('severity_' + note['severity'])}: {texts.of(note['text'])}"
        for note in report["data_quality"]
    ]


def target_words(item: dict[str, Any], texts: Texts) -> str:
    """The target of an indicator: ≤ 2.0 h, ≥ 95 %, 60–85 %."""
    if item["band"]:
        low, high = item["band"]
        return f"{texts.value(low, item['unit'])} – {texts.value(high, item['unit'])}"
    if item["target"] is None:
        return texts("target_none")
    sign = "≥" if item["direction"] == "up" else "≤"
    return f"{sign} {texts.value(item['target'], item['unit'])}"


def with_exempt_words(item: dict[str, Any], texts: Texts) -> str:
    """The figure with exempt tickets taken into account again; "" where no ticket is exempt."""
    beside = item["with_exempt"]
    if beside is None:
        return ""
    return texts(
        "with_exempt",
        value=texts.value(beside["value"], item["unit"]),
        n=f"{beside['n']:,}",
        verdict=texts(f"verdict_{beside['verdict']}"),
    )


def target_source(item: dict[str, Any], texts: Texts) -> str:
    """Where a target comes from: stated by the sources, our default, or the organisation's own since a day."""
    if item["tag"] == "own" and item["since"]:
        return texts("source_org_since", day=item["since"])
    return texts({"S": "source_stated", "own": "source_org"}.get(item["tag"], "source_own"))


def leading_signal(defect: dict[str, Any]) -> dict[str, Any] | None:
    """The signal that decided the state of a defect."""
    return next((signal for signal in defect["signals"] if signal["state"] == defect["state"]), None)


def _pad(text: str, width: int, *, right: bool = False) -> str:
    while width_of(text) > width:
        text = text[:-2] + "…"
    space = " " * (width - width_of(text))
    return space + text if right else text + space


def _rule(title: str) -> str:
    return f"{RULE * 2} {title} {RULE * max(2, 92 - width_of(title))}"


def _paint(symbol: str, colour: bool) -> str:
    return f"\x1b[{COLOURS[symbol]}m{symbol}\x1b[0m" if colour and symbol in COLOURS else symbol
