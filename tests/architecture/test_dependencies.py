"""Dependencies are chosen on the record, and none forces its licence on us."""

from __future__ import annotations

import json
import re
import tomllib
from importlib import metadata

from tests.architecture.tree import ROOT

LOCKED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==\S+(?:\s*;\s*(.*?))?\s*\\$", re.MULTILINE)


def direct_dependencies() -> set[str]:
    """Names in pyproject.toml, of the program and of development, and in package.json."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    lines = [*settings["project"]["dependencies"], *settings["dependency-groups"]["dev"]]
    names = {re.split(r"[\[<>=!~ ;]", line)[0] for line in lines}
    package = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
    return names | set(package.get("dependencies", {})) | set(package.get("devDependencies", {}))


def licence(name: str) -> str:
    """What a package says of its licence: expression, text or classifiers."""
    about = metadata.metadata(name)
    classifiers = [line for line in about.get_all("Classifier") or [] if line.startswith("License")]
    return about.get("License-Expression") or "; ".join(classifiers) or (about.get("License") or "")[:200]


def test_every_direct_dependency_has_a_decision() -> None:
    """Somebody wrote down why, and what we would do without."""
    records = (ROOT / "docs/decisions").glob("*.md")
    named = set(re.findall(r"`([^`\s]+)`", "\n".join(path.read_text(encoding="utf-8") for path in records)))
    assert direct_dependencies() - named == set()


def test_nothing_under_gpl_or_agpl() -> None:
    """Nothing an installation runs is under a licence that would reach our own code. LGPL does not."""
    locked = LOCKED.findall((ROOT / "requirements/runtime.txt").read_text(encoding="utf-8"))
    installed = {str(each.metadata["Name"]).lower().replace("_", "-") for each in metadata.distributions()}
    names = [name for name, _ in locked if name in installed]
    assert len(names) > 30, "the runtime packages are not installed"
    strong = re.compile(r"(?<!L)\bA?GPL|Affero|(?<!Lesser )General Public", re.IGNORECASE)
    found = {name: licence(name) for name in names if strong.search(licence(name))}
    assert not found
