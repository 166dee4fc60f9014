"""The common defects: signals against thresholds, causes with their tests, measures, and defects × causes."""

from html import escape
from typing import Any

from zhiheng.analyze.html.markup import CAUSE_TAGS, card, cause_tag, section, state_tag, table
from zhiheng.analyze.narrative import defects_answer
from zhiheng.analyze.terminal import leading_signal
from zhiheng.analyze.texts import Texts
from zhiheng.definitions.definition import ROOTS

SHOWN_STATES = ("confirmed", "watch", "absent", "not_enough_data", "not_computable")


def defects_section(report: dict[str, Any], texts: Texts) -> str:
    """The common defects: confirmed ones open, the others to be opened, and which causes stand behind them."""
    items = sorted(
        report["defects"].items(),
        key=lambda pair: (SHOWN_STATES.index(pair[1]["state"]), pair[0]),
    )
    cards = "".join(_defect(name, item, report, texts) for name, item in items)
    notes = "".join(
        f'<p class="small muted">{escape(texts(key))}</p>' for key in ("burden_note", "causes_note")
    )
    return section(
        "defects",
        texts("section_defects"),
        defects_answer(report, texts),
        cards + notes + _matrix(report, texts),
    )


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


def _defect(name: str, item: dict[str, Any], report: dict[str, Any], texts: Texts) -> str:
    signal = leading_signal(item)
    evidence = f"{texts.of(signal['name'])}: {texts.value(signal['value'], signal['unit'])}" if signal else ""
    burden = burden_words(item["burden"], texts) if item["state"] in ("confirmed", "watch") else ""
    left = _signals(item, texts) + _groups(item, texts)
    right = _causes(item, texts) + _measures(item, report, texts)
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
        limits = threshold_words(signal, texts)
        source = texts("source_stated" if signal["tag"] == "S" else "source_own")
        lines.append(
            f"<li>{escape(texts.of(signal['name']))}: <strong>{escape(figure)}</strong><br>"
            f'<span class="small muted" title="{escape(source)}">{escape(limits)} [{escape(signal["tag"])}]</span></li>'
        )
    return f"<h3>{escape(texts('signals'))}</h3><ul>{''.join(lines)}</ul>"


def threshold_words(signal: dict[str, Any], texts: Texts) -> str:
    """At which figures a signal is on watch and confirmed, as far as it has thresholds."""
    given = [name for name in ("watch", "confirmed") if signal[name] is not None]
    key = "threshold" if len(given) == 2 else f"threshold_{given[0]}" if given else "threshold_none"
    return texts(key, **{name: texts.value(signal[name], signal["unit"]) for name in given})


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


def _measures(item: dict[str, Any], report: dict[str, Any], texts: Texts) -> str:
    lines = "".join(f"<li>{escape(texts.of(measure))}</li>" for measure in item["measures"])
    owner = f"{texts('col_owner')}: {texts.of(item['owner'])} · {texts('quarter', quarter=item['quarter'])}"
    effect = f"{texts('effect')}: {texts.of(item['effect'])}"
    verified = f"{texts('verified_by')}: {_figure_names(item['verified_by'], item, report, texts)}"
    guards = f"{texts('guards')}: {_figure_names(item['guards'], item, report, texts)}"
    if item["guard_note"]:
        guards += f" ({texts.of(item['guard_note'])})"
    return (
        f"<h3 style='margin-top:12px'>{escape(texts('col_next'))}</h3><ul>{lines}</ul>"
        f'<p class="small muted">{escape(owner)}<br>{escape(effect)}<br>'
        f"{escape(verified)}<br>{escape(guards)}</p>"
    )


def _figure_names(ids: list[str], item: dict[str, Any], report: dict[str, Any], texts: Texts) -> str:
    """Figures by name: indicators, signals of the defect, or those that only the defect names."""
    names = {signal["id"]: signal["name"] for signal in item["signals"]} | item["figures"]
    found = (report["indicators"].get(name, {}).get("name") or names[name] for name in ids)
    return ("、" if texts.language == "zh" else ", ").join(texts.of(name) for name in found)


def _matrix(report: dict[str, Any], texts: Texts) -> str:
    """Defects × the causes that the sources name: how many tickets carry the evidence, and whether it is enough."""
    rows = []
    for name, cells in report["causes"].items():
        defect = report["defects"][name]
        head = f"{escape(name)} {escape(texts.of(defect['name']))}"
        rows.append((head, *(_cell(cells.get(root), texts) for root in ROOTS)))
    heads = [texts("col_defect"), *(texts.of(text) for text in ROOTS.values())]
    note = f'<p class="small muted">{escape(texts("matrix_note"))}</p>'
    drawn = table(heads, rows, numbers=range(1, len(heads)))
    return card(f'<div class="matrix">{drawn}</div>', title=texts("matrix_title"), flush=True) + note


def _cell(cell: dict[str, Any] | None, texts: Texts) -> str:
    if cell is None:
        return ""
    state = next(state for state in ("supported", "not_supported", "no_data") if cell[state])
    style, symbol = CAUSE_TAGS[state]
    count = "" if cell["tickets"] is None or state == "no_data" else f"{cell['tickets']:,}"
    words = f"{symbol} {count}".strip() if state != "no_data" else texts("unproven_short")
    return f'<span class="tag {style}" title="{escape(texts(f"cause_{state}"))}">{escape(words)}</span>'
