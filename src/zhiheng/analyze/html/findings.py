"""What was found: the summary with the key figures, and the indicators against their targets."""

from html import escape
from typing import Any

from zhiheng.analyze.html.charts import sparkline, whisker
from zhiheng.analyze.html.markup import card, section, table, verdict_tag
from zhiheng.analyze.narrative import answers, exemptions_answer, targets_answer
from zhiheng.analyze.terminal import target_source, target_words, with_exempt_words
from zhiheng.analyze.texts import Texts

KEY_FIGURES = (
    "mean_response",
    "response_48h",
    "mean_restore",
    "critical_4h",
    "closure_30d",
    "resolution_committed",
    "reopen_10d",
    "recurrence_30d",
)


def summary_section(report: dict[str, Any], texts: Texts) -> str:
    """The answers in words and the key figures as cards."""
    words = "".join(f'<p class="answer">{escape(line)}</p>' for line in answers(report, texts))
    shown = [name for name in KEY_FIGURES if name in report["indicators"]]
    figures = "".join(_figure(report["indicators"][name], texts) for name in shown)
    return section("summary", texts("section_summary"), "", f'{words}<div class="figures">{figures}</div>')


def indicators_section(report: dict[str, Any], texts: Texts) -> str:
    """Every indicator that the file can give, with interval, n, verdict and trend."""
    rows: list[tuple[str, ...]] = []
    for item in report["indicators"].values():
        if item["verdict"] == "not_computable":
            continue
        interval = ""
        if item["low"] is not None:
            interval = f"{texts.value(item['low'], item['unit'])} – {texts.value(item['high'], item['unit'])}"
        rows.append(
            (
                f"{escape(texts.of(item['name']))}{_notes(item, texts)}",
                f"<strong>{escape(texts.value(item['value'], item['unit']))}</strong>{_beside(item, texts)}",
                f"{whisker(item)}<span class='small muted'>{escape(interval)}</span>",
                f"{item['n']:,}",
                f"{escape(target_words(item, texts))}{_source(item, texts)}",
                verdict_tag(item["verdict"], item["uncertain"], texts),
                sparkline(item["trend"], item["target"]),
            )
        )
        rows += [_group(group, texts) for group in item["groups"]]
    names = ("col_indicator", "col_value", "col_interval", "col_n", "col_target", "col_verdict", "col_trend")
    heads = [texts(name) for name in names]
    content = card(table(heads, rows, numbers=(1, 3, 4)), flush=True)
    content += f'<p class="small muted">{escape(exemptions_answer(report, texts))}</p>'
    return section("indicators", texts("section_indicators"), targets_answer(report, texts), content)


def _group(group: dict[str, Any], texts: Texts) -> tuple[str, ...]:
    """The row of a group that has a target of its own, below its indicator."""
    interval = ""
    if group["low"] is not None:
        interval = f"{texts.value(group['low'], group['unit'])} – {texts.value(group['high'], group['unit'])}"
    return (
        f'<span class="muted">└ {escape(texts("scope_" + group["scope"]))}</span> {escape(group["name"])}',
        f"<strong>{escape(texts.value(group['value'], group['unit']))}</strong>",
        f"{whisker(group)}<span class='small muted'>{escape(interval)}</span>",
        f"{group['n']:,}",
        f"{escape(target_words(group, texts))}{_source(group, texts)}",
        verdict_tag(group["verdict"], group["uncertain"], texts),
        "",
    )


def _figure(item: dict[str, Any], texts: Texts) -> str:
    name = escape(texts.of(item["name"]))
    verdict = verdict_tag(item["verdict"], item["uncertain"], texts)
    foot = f"<span>{escape(texts('target'))} {escape(target_words(item, texts))}</span><span>n = {item['n']:,}</span>"
    if item["missing"]:
        foot = f"<span>{escape(texts('col_missing'))}: {escape(texts.missing(item['missing']))}</span>"
    return (
        f'<div class="card figure"><div class="name"><span>{name}</span>{verdict}</div>'
        f'<div class="value">{escape(texts.value(item["value"], item["unit"]))}</div>'
        f'{whisker(item)}{sparkline(item["trend"], item["target"])}<div class="foot">{foot}</div></div>'
    )


def _beside(item: dict[str, Any], texts: Texts) -> str:
    words = with_exempt_words(item, texts)
    return f'<br><span class="small muted">{escape(words)}</span>' if words else ""


def _source(item: dict[str, Any], texts: Texts) -> str:
    if item["target"] is None and item["band"] is None:
        return ""
    return f'<br><span class="small muted">{escape(target_source(item, texts))}</span>'


def _notes(item: dict[str, Any], texts: Texts) -> str:
    notes = [texts.flag(flag) for flag in item["flags"] if not flag.startswith("not_")]
    if item["line"] == "second":
        notes.append(texts("second_line"))
    return f'<br><span class="small muted">{escape(" · ".join(notes))}</span>' if notes else ""
