"""What the figures rest on: missing fields, the quality of the data, and the definition of every figure."""

from html import escape
from typing import Any

from zhiheng.analyze.html.markup import card, section, table, tag
from zhiheng.analyze.terminal import target_source
from zhiheng.analyze.texts import Texts

SEVERITY = {
    "info": ("none", ""),
    "repaired": ("risk", "!"),
    "refused": ("miss", "✕"),
    "serious": ("miss", "✕"),
}


def missing_section(report: dict[str, Any], texts: Texts) -> str:
    """Figures this source cannot give, with the field each one lacks."""
    rows = [
        (
            escape(
                texts.of(
                    report["indicators" if item["kind"] == "indicator" else "defects"][item["id"]]["name"]
                )
            ),
            f"<code>{escape(texts.missing(item['missing']))}</code>",
        )
        for item in report["not_computable"]
    ]
    content = card(table([texts("col_indicator"), texts("col_missing")], rows), flush=True) if rows else ""
    return section("missing", texts("section_missing"), "", content)


def quality_section(report: dict[str, Any], texts: Texts) -> str:
    """Rows read, repaired and refused with the reason and the first places."""
    rows, clean = [], True
    for note in report["data_quality"]:
        style, symbol = SEVERITY[note["severity"]]
        clean = clean and note["severity"] == "info"
        places = [f"{example['file']}:{example['line']} {example['text']}" for example in note["examples"]]
        shown = f'<br><span class="small muted">{escape(" · ".join(places))}</span>' if places else ""
        rows.append(
            (
                tag(style, symbol, texts(f"severity_{note['severity']}")),
                escape(texts.of(note["text"])) + shown,
            )
        )
    answer = texts("quality_fine" if clean else "quality_some", rows=f"{report['log']['rows_read']:,}")
    stand_ins = "".join(
        f"<li><code>{escape(column.removeprefix('tickets.'))}</code> {escape(texts.flag('proxy:' + stand_in))}</li>"
        for column, stand_in in report["source"]["stand_ins"].items()
    )
    content = card(table([texts("col_state"), texts("section_quality")], rows), flush=True)
    if stand_ins:
        content += card(f"<ul>{stand_ins}</ul>", title=texts("stand_ins"))
    return section("quality", texts("section_quality"), answer, content)


def definitions_section(report: dict[str, Any], texts: Texts) -> str:
    """The formula in words, what is left out, the standards it maps to, and the hash of the definition."""
    parts = []
    for name, item in report["indicators"].items():
        crosswalk = item["crosswalk"]
        standards = (
            f"GB/T 33850 {crosswalk['gbt33850']} · ISO/IEC TS 25011 {crosswalk['ts25011']} · "
            f"ISO/IEC 20000-1 {crosswalk['iso20000']}"
        )
        parts.append(
            f"<dt>{escape(texts.of(item['name']))} <span class='small muted'>{escape(name)}</span></dt>"
            f"<dd>{escape(texts.of(item['words']))}<br><span class='small'>{escape(texts('col_out'))}: "
            f"{escape(texts.of(item['exclusions']))} · {escape(target_source(item, texts))} · {escape(standards)} · "
            f"{escape(texts('col_hash'))} <code>{escape(item['definition'][:16])}</code></span></dd>"
        )
    return section("definitions", texts("section_definitions"), "", card(f"<dl>{''.join(parts)}</dl>"))
