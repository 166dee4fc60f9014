"""An empty frame: whatever other packages registered is out of the way until the test ends."""

from __future__ import annotations

import pytest

from zhiheng.ui import navigation, palette, shell

REGISTRIES = (
    navigation.NAV,
    shell.CREATES,
    shell.PERSON_LINKS,
    shell.PORTAL_LINKS,
    shell.COUNTERS,
    palette.SOURCES,
)


def empty_frame(patch: pytest.MonkeyPatch) -> None:
    """Nothing is registered, and nothing is configured."""
    for registry in REGISTRIES:
        patch.setattr(registry, "_items", {})
    patch.setattr(navigation, "_workspace", [navigation.anyone])
    patch.setattr(shell, "_places", [shell.Places()])
