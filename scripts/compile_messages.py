"""Compiles every .po file of the package into the .mo file beside it, without needing gettext installed."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po

# babel passes over a line with a missing quote; a text would then be lost without a word.
LINE = re.compile(r'#.*|(?:msgctxt|msgid|msgid_plural|msgstr(?:\[\d\])?)?\s*"(?:[^"\\]|\\.)*"\s*|\s*')
SOURCES = Path(__file__).resolve().parents[1] / "src"


def compile_catalogue(source: Path) -> str | None:
    """Write the .mo file of one .po file; return what is wrong with it, or None."""
    for number, line in enumerate(source.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if not LINE.fullmatch(line):
            return f"{source}, line {number}: not a line of a catalogue: {line}"
    try:
        with source.open("rb") as handle:
            catalogue = read_po(handle, abort_invalid=True)
    except (PoFileError, UnicodeDecodeError, ValueError) as error:
        return f"{source}: {error}"
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    target = source.with_suffix(".mo")
    if not target.is_file() or target.read_bytes() != compiled.getvalue():
        target.write_bytes(compiled.getvalue())
    return None


def main() -> int:
    """Compile all; report every broken catalogue, not only the first."""
    problems = [compile_catalogue(path) for path in sorted(SOURCES.rglob("locale/*/LC_MESSAGES/*.po"))]
    found = [problem for problem in problems if problem]
    for problem in found:
        sys.stderr.write(f"{problem}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
