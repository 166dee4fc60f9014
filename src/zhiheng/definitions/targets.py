"""An organisation's own targets: a TOML file with one table per indicator, replacing what was shipped.

[closure_30d]
target = 0.90
alarm = 0.80
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from zhiheng.definitions.definition import Indicator, Target
from zhiheng.definitions.errors import DefinitionError

KEYS = {"target": "value", "alarm": "alarm", "low": "low", "high": "high"}


def load_targets(path: Path, indicators: Mapping[str, Indicator]) -> dict[str, Target]:
    """Read a targets file. Raises DefinitionError naming the line of thought that fails: file, indicator, key."""
    try:
        document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DefinitionError(path.name, f"cannot be read: {error.strerror}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DefinitionError(path.name, f"is not valid TOML: {error}") from error
    return {name: _target(name, values, indicators, path.name) for name, values in document.items()}


def _target(name: str, values: object, indicators: Mapping[str, Indicator], where: str) -> Target:
    if name not in indicators:
        raise DefinitionError(
            where, f"there is no indicator {name!r}; known are {', '.join(sorted(indicators))}"
        )
    if not isinstance(values, dict):
        raise DefinitionError(where, f"{name} must be a table such as [{name}] target = 0.9")
    unknown = sorted(set(values) - set(KEYS))
    if unknown:
        raise DefinitionError(where, f"{name}: unknown key {unknown[0]!r}, known are {', '.join(KEYS)}")
    wrong = [
        key for key, value in values.items() if isinstance(value, bool) or not isinstance(value, int | float)
    ]
    if wrong:
        raise DefinitionError(where, f"{name}: {wrong[0]} must be a number")
    changes: dict[str, Any] = {KEYS[key]: float(value) for key, value in values.items()}
    return replace(indicators[name].target, **changes, tag="own")
