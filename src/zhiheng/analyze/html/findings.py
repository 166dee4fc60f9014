"""What was found: the summary with the key figures, the common defects, the indicators against their targets."""

from html import escape
from typing import Any

from zhiheng.analyze.html.charts import sparkline, whisker
from zhiheng.analyze.html.markup import card, cause_tag, section, state_tag, table, verdict_tag
from zhiheng.analyze.narrative import answers, defects_answer, targets_answer
from zhiheng.analyze.terminal import leading_signal, target_words
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
SHOWN_STATES = ("confirmed", "watch", "absent", "not_enough_data")


def summary_section(report: dict[str, Any], texts: Texts) -> str:
    """The answers in words and the key figures as cards."""
    words = "".join(f'<p class="answer">{escape(line)}</p>' for line in answers(report, texts))
    shown = [name for name in KEY_FIGURES if name in report["indicators"]]
    figures = "".join(_figure(report["indicators"][name], texts) for name in shown)
    return section("summary", texts("section_summary"), "", f'{words}<div class="figures">{figures}</div>')


def indicators_section(report: dict[str, Any], texts: Texts) -> str:
    """Every indicator that the file can give, with interval, n, verdict and trend."""
    rows = []
    for item in report["indicators"].values():
        if item["verdict"] == "not_computable":
            continue
        interval = ""
        if item["low"] is not None:
            interval = f"{texts.value(item['low'], item['unit'])} – {texts.value(item['high'], item['unit'])}"
        rows.append(
            (
                f"{escape(texts.of(item['name']))}{_notes(item, texts)}",
                f"<strong>{escape(texts.value(item['value'], item['unit']))}</strong>",
                f"{whisker(item)}<span class='small muted'>{escape(interval)}</span>",
                f"{item['n']:,}",
                escape(target_words(item, texts)),
                verdict_tag(item["verdict"], item["uncertain"], texts),
                sparkline(item["trend"], item["target"]),
            )
        )
    names = ("col_indicator", "col_value", "col_interval", "col_n", "col_target", "col_verdict", "col_trend")
    heads = [texts(name) for name in names]
    content = card(table(heads, rows, numbers=(1, 3, 4)), flush=True)
    return section("indicators", texts("section_indicators"), targets_answer(report, texts), content)


def defects_section(report: dict[str, Any], texts: Texts) -> str:
    """The common defects: confirmed ones open, those on watch and absent ones to be opened."""
    items = sorted(
        ((name, item) for name, item in report["defects"].items() if item["state"] in SHOWN_STATES),
        key=lambda pair: (SHOWN_STATES.index(pair[1]["state"]), pair[0]),
    )
    cards = "".join(_defect(name, item, texts) for name, item in items)
    notes = "".join(
        f'<p class="small muted">{escape(texts(key))}</p>' for key in ("burden_note", "causes_note")
    )
    return section("defects", texts("section_defects"), defects_answer(report, texts), cards + notes)


def burden_words(burden: dict[str, Any] | None, texts: Texts) -> str:
    """What customers bear and how much of it could be spared; never staff hours."""
    if burden is None:
        return ""
    kind = "hours" if burden["unit"] == "customer_waiting_hours" else "tickets"
    if burden["avoidable"] is None:
        return texts(f"burden_plain_{kind}", total=texts.number(burden["total"], 0))
    names = {"avoidable": "avoidable", "low": "avoidable_low", "high": "avoidable_high"}
    numbers = {name: texts.number(burden[key], 0) for name, key in names.items()}
    return texts(f"burden_{kind}", total=texts.number(burden["total"], 0), **numbers)


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


def _notes(item: dict[str, Any], texts: Texts) -> str:
    notes = [texts.flag(flag) for flag in item["flags"] if not flag.startswith("not_")]
    if item["line"] == "second":
        notes.append(texts("second_line"))
    return f'<br><span class="small muted">{escape(" · ".join(notes))}</span>' if notes else ""


def _defect(name: str, item: dict[str, Any], texts: Texts) -> str:
    signal = leading_signal(item)
    evidence = f"{texts.of(signal['name'])}: {texts.value(signal['value'], signal['unit'])}" if signal else ""
    burden = burden_words(item["burden"], texts) if item["state"] in ("confirmed", "watch") else ""
    left = _signals(item, texts) + _groups(item, texts)
    right = _causes(item, texts) + _measures(item, texts)
    opened = " open" if item["state"] == "confirmed" else ""
    return (
        f'<div class="card defect"><details{opened}><summary>{state_tag(item["state"], texts)}'
        f"<strong>{escape(name)} {escape(texts.of(item['name']))}</strong>"
        f'<span class="muted">{escape(evidence)}</span><span class="burden small">{escape(burden)}</span></summary>'
        f'<div class="body"><div>{left}</div><div>{right}</div></div></details></div>'
    )


def _signals(item: dict[str, Any], texts: Texts) -> str:
    lines = []
    for signal in item["signals"]:
        unit = signal["unit"]
        if signal["value"] is None:
            gap = texts.missing(signal["missing"])
            figure = f"{texts('state_' + signal['state'])}{': ' + gap if gap else ''}"
        else:
            figure = f"{texts.value(signal['value'], unit)} (n {signal['n']:,})"
            if signal["low"] is not None and signal["high"] is not None:
                figure += f" [{texts.value(signal['low'], unit)} – {texts.value(signal['high'], unit)}]"
        key = "threshold_watch" if signal["confirmed"] is None else "threshold"
        limits = texts(
            key, watch=texts.value(signal["watch"], unit), confirmed=texts.value(signal["confirmed"], unit)
        )
        source = texts("source_stated" if signal["tag"] == "S" else "source_own")
        lines.append(
            f"<li>{escape(texts.of(signal['name']))}: <strong>{escape(figure)}</strong><br>"
            f'<span class="small muted" title="{escape(source)}">{escape(limits)} [{escape(signal["tag"])}]</span></li>'
        )
    return f"<h3>{escape(texts('signals'))}</h3><ul>{''.join(lines)}</ul>"


def _groups(item: dict[str, Any], texts: Texts) -> str:
    if not item["groups"]:
        return ""
    lines = []
    for group in item["groups"]:
        name = f"{texts('scope_' + group['scope'])} {group['name']}"
        figure = f"{texts.value(group['value'], group['unit'])} (n {group['n']:,})"
        sure = f" · {texts('significant')}" if group["significant"] else ""
        lines.append(
            f"<li>{escape(name)}: {escape(figure)}<span class='small muted'>{escape(sure)}</span></li>"
        )
    return f"<h3 style='margin-top:12px'>{escape(texts('worst_groups'))}</h3><ul>{''.join(lines)}</ul>"


def _causes(item: dict[str, Any], texts: Texts) -> str:
    lines = []
    for cause in item["causes"]:
        figure = cause["figure"]
        found = ""
        if figure and figure["value"] is not None:
            found = f" · {texts.value(figure['value'], figure['unit'])} (n {figure['n']:,})"
        elif cause["missing"]:
            found = f" · {texts('col_missing')}: {texts.missing(cause['missing'])}"
        lines.append(
            f"<li>{escape(texts.of(cause['name']))} {cause_tag(cause['state'], texts)}<br>"
            f'<span class="small muted">{escape(texts.of(cause["test"]) + found)}</span></li>'
        )
    return f"<h3>{escape(texts('col_cause'))}</h3><ul>{''.join(lines)}</ul>"


def _measures(item: dict[str, Any], texts: Texts) -> str:
    lines = "".join(f"<li>{escape(texts.of(measure))}</li>" for measure in item["measures"])
    owner = f"{texts('col_owner')}: {texts.of(item['owner'])} · {texts('quarter', quarter=item['quarter'])}"
    effect = f"{texts('effect')}: {texts.of(item['effect'])}"
    return (
        f"<h3 style='margin-top:12px'>{escape(texts('col_next'))}</h3><ul>{lines}</ul>"
        f'<p class="small muted">{escape(owner)}<br>{escape(effect)}</p>'
    )
