"""Reads the colour tokens and measures them as WCAG 2.2 does."""

from __future__ import annotations

import re
from pathlib import Path

STYLES = Path(__file__).resolve().parents[4] / "frontend" / "styles"
BLOCK = re.compile(r'(:root(?:\[data-theme="dark"\]|:not\(\[data-theme="light"\]\))?) \{(.*?)\}', re.S)
TOKEN = re.compile(r"--([a-z0-9-]+):\s*([^;]+);")


def themes() -> dict[str, dict[str, str]]:
    """Tokens by block: light, dark (chosen), dark (by the system); what a dark block leaves out is the light one's."""
    text = (STYLES / "tokens.css").read_text(encoding="utf-8")
    blocks: dict[str, dict[str, str]] = {}
    for selector, body in BLOCK.findall(text):
        blocks.setdefault(selector, dict(TOKEN.findall(body)))
    light = blocks[":root"]
    return {
        "light": light,
        "dark": light | blocks[':root[data-theme="dark"]'],
        "dark by the system": light | blocks[':root:not([data-theme="light"])'],
    }


def channels(colour: str) -> tuple[float, float, float]:
    """Linear red, green and blue of `#rrggbb`."""
    values = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)
    return red, green, blue


def luminance(colour: str) -> float:
    """Relative luminance."""
    red, green, blue = channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)
