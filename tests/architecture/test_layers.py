"""The list of layers is one list: contract, folders and installed apps agree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.tree import PACKAGE, ROOT, check_exemptions, packages, rank
from zhiheng.config.layers import APPS


def test_every_package_has_its_layer() -> None:
    """A new folder under src/zhiheng/ must be given a place in the contract."""
    folders = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").is_file()}
    assert folders == set(packages())


def test_installed_apps_follow_the_layers() -> None:
    """The apps are installed in the order of the layers, so that a lower one is always ready first."""
    order = [name.removeprefix("zhiheng.") for name in APPS]
    assert order == sorted(order, key=lambda name: rank()[name])


def test_import_contracts_hold() -> None:
    """Imports point down only; the pure packages know no Django."""
    tool = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(tool), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_a_stale_exemption_fails() -> None:
    """The check the other tests rely on refuses what is new, what is stale and what has no reason."""
    check_exemptions(["a"], {"a": "why"})
    with pytest.raises(AssertionError, match="against the rule"):
        check_exemptions(["a", "b"], {"a": "why"})
    with pytest.raises(AssertionError, match="no longer needed"):
        check_exemptions([], {"a": "why"})
    with pytest.raises(AssertionError, match="reason"):
        check_exemptions(["a"], {"a": ""})
