"""Runs the steps of setup that are out of date and reports in one line each."""

from __future__ import annotations

import argparse
import sys
import time

from bootstrap import checks
from bootstrap.messages import SetupError, say
from bootstrap.stamps import Stamp
from bootstrap.steps import ROOT, VENV, all_steps, interpreter


def run(arguments: list[str]) -> int:
    """Bring .venv up to date; return the exit code."""
    parser = argparse.ArgumentParser(prog="setup.py", description="Sets up .venv with everything in it.")
    parser.add_argument("--port", help="also check that this port is free")
    options = parser.parse_args(arguments)
    try:
        set_up()
        if options.port is not None:
            checks.check_port(options.port)
    except SetupError as error:
        sys.stderr.write(say("failed", what=error) + "\n")
        return 1
    except OSError as error:
        problem = checks.explain(error, root=ROOT)
        sys.stderr.write(say("failed", what=problem) + "\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def set_up() -> None:
    """Do every step whose inputs changed, and everything after a step that was done."""
    started = time.monotonic()
    did_something = False
    for step in all_steps():
        # .venv is kept whichever Python runs this script, as long as its own still works.
        python = interpreter()
        stamp = Stamp(name=step.name, folder=VENV / ".stamps", inputs=step.inputs, interpreter=python)
        if step.product.exists() and (stamp.fresh() if step.inputs else python):
            continue
        if not did_something:
            checks.check_writable(ROOT)
        if step.name == "venv":
            checks.check_venv_module()
            checks.check_disk(ROOT)
        did_something = True
        begun = time.monotonic()
        sys.stdout.write(f"{say(f'step.{step.name}')} … ")
        sys.stdout.flush()
        try:
            step.act()
        except SetupError:
            sys.stdout.write("\n")
            sys.stdout.flush()
            raise
        if step.inputs:
            stamp.write()
        sys.stdout.write(f"{time.monotonic() - begun:.1f} s\n")
    if not did_something:
        return
    if not checks.has_cjk_font():
        sys.stdout.write(say("no_font") + "\n")
    sys.stdout.write(f"{say('done')} ({time.monotonic() - started:.0f} s)\n")
