"""Collects translatable texts into each package's Chinese catalogue; needs neither gettext nor a database.

python scripts/messages.py            update the .po files: new texts are added empty, lost ones removed
python scripts/messages.py --missing  print the texts that have no translation; exit 1 if there are any
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation.template import templatize

from zhiheng.ui.translations.extract import from_python

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src/zhiheng"
LOCALE = "zh_Hans"
WITHOUT_DJANGO = {"measure", "definitions", "analyze"}
# Packages that are no Django app keep their texts with the app nearest to them.
KEPT_BY = {"kernel": "platform", "config": "web"}
KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
Found = tuple[int, "str | tuple[str, ...]", str | None]


def source_files(package: str) -> Iterator[Path]:
    """Python files and templates of a package, without tests and migrations."""
    for path in sorted((PACKAGE / package).rglob("*")):
        if path.suffix in {".py", ".html", ".txt"} and not {"tests", "migrations", "static"} & set(
            path.parts
        ):
            yield path


def texts_of(path: Path) -> Iterator[Found]:
    """Line, text (a tuple for plural forms) and context of each translatable text of a file."""
    if path.suffix == ".py":  # read as a syntax tree: babel's tokens do not reach into f-strings
        for marked in sorted(from_python(path), key=lambda marked: marked.line):
            yield (
                marked.line,
                (marked.text, marked.plural) if marked.plural else marked.text,
                marked.context or None,
            )
        return
    source = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for line, text, _, context in extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS):
        yield line, text, context


def template_of(home: str) -> Catalog:
    """All texts of the packages whose catalogue lies in `home`."""
    catalogue = Catalog(locale=LOCALE, project="zhiheng", charset="utf-8", fuzzy=False)
    for package in [home, *(name for name, keeper in KEPT_BY.items() if keeper == home)]:
        for path in source_files(package):
            for _, text, context in texts_of(path):
                place = (path.relative_to(PACKAGE).as_posix(), 0)
                # Formatting of the % kind is checked by gettext's own flag; babel sets it from the text.
                catalogue.add(text, locations=[place], context=context)
    return catalogue


def homes() -> list[str]:
    """Packages that hold a catalogue: the Django apps."""
    names = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
    return [name for name in names if name not in WITHOUT_DJANGO | set(KEPT_BY)]


def catalogue_file(home: str) -> Path:
    """Where the Chinese texts of a package lie."""
    return PACKAGE / home / "locale" / LOCALE / "LC_MESSAGES" / "django.po"


def existing(home: str) -> Catalog:
    """What is translated so far."""
    path = catalogue_file(home)
    if not path.is_file():
        return Catalog(locale=LOCALE, project="zhiheng", charset="utf-8", fuzzy=False)
    with path.open("rb") as handle:
        return read_po(handle, locale=LOCALE)


def update(home: str) -> None:
    """Bring one catalogue up to date with the sources; nothing is guessed from similar texts."""
    template, catalogue = template_of(home), existing(home)
    if not len(template):
        return
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.revision_date = catalogue.creation_date = datetime(2026, 1, 1, tzinfo=UTC)
    out = io.BytesIO()
    write_po(out, catalogue, sort_by_file=True, include_lineno=False, omit_header=False, width=110)
    # The dates and tool names of the header change with every run and say nothing.
    text = re.sub(
        r'"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|'
        r'Report-Msgid-Bugs-To|Project-Id-Version): .*"\n',
        "",
        out.getvalue().decode(),
    )
    text = re.sub(r"\A(?:#.*\n)+", "", text)
    path = catalogue_file(home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def missing(home: str) -> list[str]:
    """Texts of the sources that the catalogue does not translate."""
    catalogue = existing(home)
    found = []
    for message in template_of(home):
        if not message.id:
            continue
        known = catalogue.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        translated = known is not None and not known.fuzzy and known.string and all(known.string)
        if not translated:
            place = message.locations[0][0] if message.locations else ""
            found.append(f"{home}: {message.id!r} ({place})")
    return found


def main(arguments: list[str]) -> int:
    """Update all catalogues, or name what is missing in them."""
    settings.configure(USE_I18N=False)  # reading templates asks for settings; none of ours matter
    if "--missing" in arguments:
        texts = [text for home in homes() for text in missing(home)]
        sys.stdout.write("".join(f"{text}\n" for text in texts))
        return 1 if texts else 0
    for home in homes():
        update(home)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
