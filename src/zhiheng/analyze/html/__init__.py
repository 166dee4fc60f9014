"""The report as one self-contained HTML file: inline style and SVG, no script, nothing to fetch.

Public: `render_html(report, texts)`.
"""

from zhiheng.analyze.html.page import render_html

__all__ = ["render_html"]
