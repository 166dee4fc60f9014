"""Write an event log of N copies of the sample, each copy with case ids of its own: `replicate.py SOURCE N OUT`."""

from __future__ import annotations

import gzip
import sys
from pathlib import Path


def main() -> None:
    """Copy the rows N times; the case id is the first column."""
    source, copies, out = Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    with gzip.open(source, "rt", encoding="utf-8") as stream:
        header, *rows = stream.readlines()
    with out.open("w", encoding="utf-8") as target:
        target.write(header)
        for copy in range(copies):
            target.writelines(f"{copy}-{row}" for row in rows)


main()
