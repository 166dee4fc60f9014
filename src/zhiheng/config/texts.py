"""What the commands say in Chinese and English, from `texts.toml`. No Django: settings are told of before it loads."""

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from zhiheng.analyze.wording import Wording, preferred_language


@dataclass(frozen=True, slots=True)
class Words(Wording):
    """The texts of the commands in one language."""

    FILE: ClassVar[Path] = Path(__file__).parent / "texts.toml"


def text(key: str, **params: object) -> str:
    """The text of a key in the language of the terminal, with its parameters filled in."""
    return Words(preferred_language())(key, **params)
