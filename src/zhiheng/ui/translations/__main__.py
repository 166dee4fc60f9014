"""Prints what is not translated or not marked yet."""

from __future__ import annotations

import json
import sys

from zhiheng.ui.translations.extract import Marked
from zhiheng.ui.translations.literals import unmarked_texts
from zhiheng.ui.translations.survey import missing, packages, templates


def entry(marked: Marked) -> str:
    """A catalogue entry to fill in."""
    lines = [f"#: {marked.place}"]
    if "%(" in marked.text:
        lines.append("#, python-format")
    if marked.context:
        lines.append(f"msgctxt {json.dumps(marked.context, ensure_ascii=False)}")
    lines.append(f"msgid {json.dumps(marked.text, ensure_ascii=False)}")
    if marked.plural:
        lines.append(f"msgid_plural {json.dumps(marked.plural, ensure_ascii=False)}")
    lines.append('msgstr[0] ""' if marked.plural else 'msgstr ""')
    return "\n".join(lines)


def main(names: list[str]) -> int:
    """Print everything missing; return whether there was anything."""
    problems = 0
    for package in names or packages():
        for marked in missing(package):
            sys.stdout.write(f"{entry(marked)}\n\n")
            problems += 1
        for path in templates(package):
            for line, text in unmarked_texts(path):
                sys.stdout.write(f"# {path}:{line}: not marked: {text}\n")
                problems += 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
