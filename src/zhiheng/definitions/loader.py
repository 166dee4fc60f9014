"""Finds and reads definition files: those of the package, and further folders an organisation adds."""

import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any, Protocol, TypeVar

from zhiheng.definitions import parse
from zhiheng.definitions.definition import Defect, Indicator
from zhiheng.definitions.errors import DefinitionError
from zhiheng.definitions.estimators import ESTIMATORS

SHIPPED = Path(__file__).parent


class _Named(Protocol):
    @property
    def id(self) -> str: ...


D = TypeVar("D", bound=_Named)


def load_indicators(*folders: Path) -> dict[str, Indicator]:
    """The indicators of the package and of further folders, by id. A later folder replaces an id."""
    return _load("indicators", folders, parse.indicator)


def load_defects(*folders: Path) -> dict[str, Defect]:
    """The common defects of the package and of further folders, by id. A later folder replaces an id."""
    return _load("defects", folders, parse.defect)


def _load(kind: str, folders: Iterable[Path], build: Callable[..., D]) -> dict[str, D]:
    found: dict[str, D] = {}
    for folder in (SHIPPED / kind, *folders):
        for path in sorted(folder.glob("*.toml")):
            definition = build(_read(path), where=path.name, estimators=tuple(ESTIMATORS))
            if path.stem.split("_")[0] != definition.id and path.stem != definition.id:
                raise DefinitionError(path.name, f"the file must carry its id {definition.id!r} as its name")
            found[definition.id] = definition
    return found


@cache
def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise DefinitionError(path.name, f"is not valid TOML: {error}") from error
