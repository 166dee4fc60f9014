"""The words of command and report in Chinese and English, from `texts.toml`, and how numbers are written in them."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar
from zoneinfo import ZoneInfo

from zhiheng.analyze.wording import Wording

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Texts(Wording):
    """Texts in one language: `texts("key", name=value)`."""

    FILE: ClassVar[Path] = Path(__file__).parent / "texts.toml"

    def of(self, text: dict[str, str]) -> str:
        """The text of a definition in this language."""
        return text.get(self.language) or text["en"]

    def number(self, value: float | None, digits: int = 1) -> str:
        """A number with thousands separated; a dash for none."""
        return NOTHING if value is None else f"{value:,.{digits}f}"

    def value(self, value: float | None, unit: str) -> str:
        """A value in its unit: shares as per cent, hours with one place, counts whole."""
        if value is None:
            return NOTHING
        if unit == "share":
            return f"{100 * value:.1f} %"
        if unit == "relative":
            return f"{100 * value:+.0f} %"
        if unit == "count":
            return f"{value:,.0f}"
        name = self(f"unit_{unit}") if self.has(f"unit_{unit}") else unit
        return f"{value:,.1f} {name}".rstrip()

    def hours(self, hours: float | None) -> str:
        """Hours as people say them: minutes below one hour, days above three."""
        if hours is None:
            return NOTHING
        if hours < 1:
            return f"{hours * 60:.0f} {self('unit_min')}"
        return f"{hours:.1f} {self('unit_h')}" if hours < 72 else f"{hours / 24:.1f} {self('unit_d')}"

    def day(self, second: int, zone: str) -> str:
        """A date in a zone."""
        return datetime.fromtimestamp(second, ZoneInfo(zone)).strftime("%Y-%m-%d")

    def moment(self, second: int, zone: str) -> str:
        """A date and time in a zone."""
        return datetime.fromtimestamp(second, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")

    def missing(self, names: list[str]) -> str:
        """The missing fields, as the facts schema names them."""
        return ", ".join(name.removeprefix("tickets.") for name in names)

    def flag(self, flag: str) -> str:
        """A flag in words; an unknown one as it is."""
        key = "flag_" + flag.replace(":", "_")
        if self.has(key):
            return self(key)
        kind, _, name = flag.partition(":")
        return self(f"flag_{kind}", name=self.matcher(name)) if name and self.has(f"flag_{kind}") else flag

    def matcher(self, name: str) -> str:
        """The name of a matcher of repeated faults."""
        return self(f"matcher_{name}") if self.has(f"matcher_{name}") else name
