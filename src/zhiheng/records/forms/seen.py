"""The hidden input that carries the stamps of the fields as the person saw them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from django.db.models import Model

from zhiheng.records.stamps import stamps

NAME = "seen"


class SeenStamps:
    """Writes the stamps into a form and reads them back; what is not readable counts as not sent."""

    @staticmethod
    def write(record: Model, names: Iterable[str]) -> str:
        """The stamps of these columns as text."""
        return json.dumps(stamps(record, names), separators=(",", ":"))

    @staticmethod
    def read(data: Mapping[str, str]) -> dict[str, str] | None:
        """The stamps that came back."""
        try:
            held = json.loads(data.get(NAME, ""))
        except ValueError:
            return None
        return {str(name): str(value) for name, value in held.items()} if isinstance(held, dict) else None
