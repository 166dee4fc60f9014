"""Build hook of the wheel: bundles the front end and compiles translations, for `pip install .`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontendBuildHook(BuildHookInterface[Any]):
    """Runs before a wheel is packed; an editable install uses what `make setup` built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - the hook's signature
        """Make the files that are not committed but belong in the wheel."""
        if version == "editable":
            return
        root = Path(self.root)
        # Added to, not replaced: an isolated build finds its own packages by this variable.
        paths = [str(root / "src"), os.environ.get("PYTHONPATH", "")]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
        for command in (["-m", "zhiheng.ui.build"], ["scripts/compile_messages.py"]):
            subprocess.run([sys.executable, *command], cwd=root, env=env, check=True)
