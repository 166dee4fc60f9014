"""Pages, API and background worker in one command."""

from __future__ import annotations

import argparse
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.conf import settings
from django.core.management import call_command
from granian.constants import Interfaces
from granian.server import Server

from zhiheng.accounts.queries import anybody_can_sign_in
from zhiheng.config.commands.journal_archive import refuse_missing_archive
from zhiheng.config.commands.parsers import parser_of, whole_number
from zhiheng.config.commands.start import CannotStart, refuse_unless_upgraded, say
from zhiheng.config.texts import text
from zhiheng.ui import assets

RESTART_AFTER_SECONDS = 1.0
HIGHEST_PORT = 65_535


def main(argv: list[str]) -> int:
    parser = parser_of("serve")
    add_address(parser)
    parser.add_argument(
        "--workers", type=whole_number(1), default=os.cpu_count() or 1, help=text("help_workers")
    )
    parser.add_argument("--no-worker", action="store_true", help=text("help_no_worker"))
    options = parser.parse_args(argv)
    refuse_unless_upgraded()
    refuse_missing_archive()
    if not anybody_can_sign_in():
        say(text("nobody_yet"))
    serve(host=options.host, port=options.port, workers=options.workers, with_worker=not options.no_worker)
    return 0


def add_address(parser: argparse.ArgumentParser) -> None:
    """The options that say where to listen; argparse reads the port of the environment as it reads the option."""
    parser.add_argument("--host", default=os.environ.get("HOST", "127.0.0.1"), help=text("help_host"))
    port = whole_number(1, HIGHEST_PORT)
    parser.add_argument("--port", type=port, default=os.environ.get("PORT", "8000"), help=text("help_port"))


def serve(*, host: str, port: int, workers: int, with_worker: bool = True) -> None:
    """Serve until interrupted. Raises CannotStart when the address is taken."""
    check_free(host, port)
    collect_static()
    say(text("served_at", url=f"http://{host}:{port}"))
    with background_worker() if with_worker else nullcontext():
        Server(
            "zhiheng.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=1,
            respawn_failed_workers=True,
            workers_kill_timeout=10,  # a request that never ends must not keep the server from stopping
            # All versions: a page that was opened before an upgrade may still ask for a part of its script.
            static_path_mount=[settings.STATIC_ROOT.parent],
            static_path_route=[settings.STATIC_URL.rstrip("/").rpartition("/")[0]],
        ).serve()


def collect_static() -> None:
    """Copy the static files of this version to where the server finds them."""
    call_command("collectstatic", interactive=False, verbosity=0)
    assets.sweep(settings.STATIC_ROOT)


def check_free(host: str, port: int) -> None:
    """Raises CannotStart when something listens on the address already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotStart(text("address_taken", host=host, port=port, reason=error.strerror)) from error


@contextmanager
def background_worker() -> Iterator[None]:
    """A worker process beside the web processes, started again whenever it ends."""
    stop = threading.Event()
    processes: list[subprocess.Popen[bytes]] = []

    def keep_running() -> None:
        while not stop.is_set():
            process = subprocess.Popen([sys.executable, "-m", "zhiheng.config.cli", "worker"])
            processes[:] = [process]
            process.wait()
            if not stop.wait(RESTART_AFTER_SECONDS):
                say(text("worker_ended"))

    keeper = threading.Thread(target=keep_running, name="worker-keeper", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        stop.set()
        # Jobs are leased: one that is cut off here runs again from the start, so waiting is a courtesy. The keeper
        # may be starting a worker at this very moment; it ends when that one has ended too.
        deadline = time.monotonic() + 10
        while keeper.is_alive():
            for process in processes:
                if time.monotonic() < deadline:
                    process.terminate()
                else:
                    process.kill()
            keeper.join(0.05)
