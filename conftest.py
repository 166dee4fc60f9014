"""Test-wide rules: no test reaches the network, and a missing browser is said loudly."""

from __future__ import annotations

import gc
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import override_settings
from django.utils import translation
from hypothesis import settings as hypothesis_settings

CHROMIUM = os.environ.get("ZHIHENG_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis_settings.register_profile("zhiheng", deadline=None)
hypothesis_settings.register_profile("quick", hypothesis_settings.get_profile("zhiheng"), max_examples=20)
hypothesis_settings.load_profile("zhiheng")
LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")  # noqa: S104 - compared with, not bound to


def pytest_collection_finish() -> None:
    """What was collected lives as long as the run: the garbage collector need not look through it again and again."""
    gc.collect()
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Give everything back to the collector, lest a library takes for leaked what the interpreter then leaves."""
    gc.unfreeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip browser journeys where no Chromium is installed."""
    if CHROMIUM:
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium found"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Shout when the browser journeys were skipped: a green run without them proves less."""
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "browser" in report.keywords]
    if skipped:
        terminalreporter.write_line("")
        terminalreporter.write_line(
            f"!!! {len(skipped)} BROWSER JOURNEYS DID NOT RUN: no Chromium found. "
            "Install it (Debian: apt install chromium) or name it in ZHIHENG_CHROMIUM. !!!",
            red=True,
            bold=True,
        )


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium, for tests marked `browser`."""
    if not CHROMIUM:
        pytest.skip("no Chromium found")
    return CHROMIUM


@pytest.fixture(autouse=True, scope="session")
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Files that tests store, mirror or send lie in a folder of the test run, not of the installation."""
    if not settings.configured:  # a run without Django
        yield
        return
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)  # WhiteNoise warns when it is missing
    folder = tmp_path_factory.mktemp("home")
    names = {"FILES_ROOT": "files", "MIRROR_ROOT": "mirror", "EMAIL_FILE_PATH": "outbox"}
    # Attempts to sign in are counted in files; those of a test must not count in the next run.
    caches = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    paths = {name: folder / place for name, place in names.items()}
    # Every test client builds the middleware anew; listing all static files each time took a sixth of the tests.
    # A password takes a quarter of a second to hash, on purpose; no test is about that.
    hashers = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    with override_settings(**paths, CACHES=caches, PASSWORD_HASHERS=hashers, WHITENOISE_AUTOREFRESH=True):
        yield


@pytest.fixture(autouse=True)
def _default_language() -> Iterator[None]:
    """A language that a test (or a request in it) activates ends with the test, whichever order they run in."""
    yield
    if settings.configured:
        translation.deactivate()


@pytest.fixture(autouse=True, scope="session")
def _no_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine, in all tests."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family in {socket.AF_INET, socket.AF_INET6} and not str(host).startswith(LOOPBACK):
            raise PermissionError(f"a test tried to reach {host}: tests stay on this machine")
        real(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", connect)
    yield
    patch.undo()
