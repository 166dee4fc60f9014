"""Sets up `.venv` with everything in it; the entry of `make setup`.

This file parses on every Python since 2.7, so that an old one is told that it is too old instead of
failing on syntax. The work is in scripts/bootstrap/.
"""

import os
import subprocess
import sys

OLDEST = (3, 11)
NEWEST = (3, 13)  # the newest the lock files were compiled and tried for


def newer_python():
    """Name of a Python on the PATH that is new enough, or None."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        name = "python3.%d" % minor
        for folder in os.environ.get("PATH", "").split(os.pathsep):
            path = os.path.join(folder, name)
            if os.access(path, os.X_OK):
                code = "import sys; sys.exit(sys.version_info[:2] != (3, %d))" % minor
                with open(os.devnull, "w") as null:
                    if subprocess.call([path, "-c", code], stderr=null) == 0:
                        return path
    return None


def main():
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
        from bootstrap.run import run  # this file must get here before newer syntax is read

        return run(sys.argv[1:])
    other = newer_python()
    if other:
        return subprocess.call([other, os.path.abspath(__file__)] + sys.argv[1:])
    found = ".".join(str(part) for part in sys.version_info[:3])
    sys.stderr.write(
        "setup: Python %s found; Python 3.11, 3.12 or 3.13 is needed.\n"
        "       On Debian 12 or later: apt install python3 python3-venv.\n"
        "       Or name one: make PYTHON=/path/to/python3.11\n" % found
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
