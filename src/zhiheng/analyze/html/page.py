"""The page: head with inline style, title, navigation, sections, footer."""

from html import escape
from pathlib import Path
from typing import Any

from zhiheng.analyze.html.defects import defects_section
from zhiheng.analyze.html.findings import indicators_section, summary_section
from zhiheng.analyze.html.flows import flow_section, recurrence_section, resolution_section, volume_section
from zhiheng.analyze.html.sources import definitions_section, missing_section, quality_section
from zhiheng.analyze.texts import Texts

SECTIONS = {
    "summary": summary_section,
    "defects": defects_section,
    "indicators": indicators_section,
    "volume": volume_section,
    "resolution": resolution_section,
    "flow": flow_section,
    "recurrence": recurrence_section,
    "missing": missing_section,
    "quality": quality_section,
    "definitions": definitions_section,
}


def render_html(report: dict[str, Any], texts: Texts) -> str:
    """The whole report as one file that needs nothing else."""
    style = (Path(__file__).parent / "style.css").read_text(encoding="utf-8")
    window, zone = report["window"], report["window"]["timezone"]
    files = ", ".join(report["source"]["files"])
    about = " · ".join(
        (
            files,
            texts("period", start=texts.day(window["from_s"], zone), end=texts.day(window["to_s"] - 1, zone)),
            texts("cut_line", cut=texts.moment(window["cut_s"], zone)),
            texts("calendar_line", calendar=window["calendar"], zone=zone),
        )
    )
    links = "".join(f'<a href="#{name}">{escape(texts(f"section_{name}"))}</a>' for name in SECTIONS)
    body = "".join(render(report, texts) for render in SECTIONS.values())
    language = "zh-Hans" if texts.language == "zh" else "en"
    title = texts("title")
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{escape(f'{title} · {files}')}</title>"
        f"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<style>{style}</style></head><body><main>"
        f'<header><div class="mark">衡</div><div><h1>{escape(title)}</h1>'
        f'<p class="muted small">{escape(about)}</p></div></header><nav>{links}</nav>{body}'
        f"<footer>{escape(texts('made_by', version=report['program']['version']))}</footer></main></body></html>\n"
    )
