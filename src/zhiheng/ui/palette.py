"""The palette (`Ctrl-K`): one search over pages, acts and records, by Chinese, pinyin initials or English."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from pypinyin import Style, lazy_pinyin

from zhiheng.kernel.registry import Registry
from zhiheng.ui.navigation import Text, allowed_items
from zhiheng.ui.shell import CREATES, PERSON_LINKS, ShellLink, allowed

LANGUAGES = ("zh-hans", "en")
MOST_PER_GROUP = 8


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """One line of the palette: a page, an act or a record. `kind` heads its group, `detail` stands faintly at
    the right.
    """

    label: Text
    url: str
    kind: Text
    icon: str = ""
    detail: Text = ""
    words: tuple[Text, ...] = ()


PaletteSource = Callable[[HttpRequest, str], Iterable[PaletteEntry]]
SOURCES: Registry[PaletteSource] = Registry("palette source")


def register_palette_source(name: str, source: PaletteSource) -> PaletteSource:
    """Add a source of records: it gets the request and the typed text, does its own matching and its own
    scoping.
    """
    return SOURCES.register(name, source)


def find(request: HttpRequest, query: str) -> list[PaletteEntry]:
    """What the palette offers for `query`: pages and acts, best match first, then what the record sources
    found.
    """
    text = query.strip()
    entries = [*_pages(request), *_acts(request)]
    if not text:
        return entries
    scored = [(score, entry) for entry in entries if (score := match(text, _names(entry)))]
    scored.sort(key=lambda pair: -pair[0])
    found = [entry for _score, entry in scored[:MOST_PER_GROUP]]
    for source in SOURCES.values():
        found.extend(list(source(request, text))[:MOST_PER_GROUP])
    return found


def match(query: str, names: Iterable[str]) -> int:
    """How well `query` fits the best of `names`: 4 beginning, 3 initials, 2 within, 1 as scattered letters, 0
    not at all.
    """
    wanted = query.casefold().replace(" ", "")
    return max((_fit(wanted, forms) for name in names for forms in (spellings(name),)), default=0)


@lru_cache(maxsize=4096)
def spellings(name: str) -> tuple[str, str, str]:
    """A name as written, as initials (of pinyin and of words) and as full pinyin, all lower case without
    spaces.
    """
    plain = name.casefold()
    initials = "".join(lazy_pinyin(plain.replace(" ", ""), style=Style.FIRST_LETTER))
    if plain.isascii():
        initials = "".join(word[0] for word in plain.split())
    return plain.replace(" ", ""), initials, "".join(lazy_pinyin(plain)).replace(" ", "")


def _fit(wanted: str, forms: tuple[str, str, str]) -> int:
    written, initials, pinyin = forms
    if written.startswith(wanted):
        return 4
    if initials.startswith(wanted) or pinyin.startswith(wanted):
        return 3
    if wanted in written or wanted in initials or wanted in pinyin:
        return 2
    return 1 if len(wanted) > 2 and _scattered(wanted, written) else 0


def _scattered(wanted: str, text: str) -> bool:
    letters = iter(text)
    return all(letter in letters for letter in wanted)


def _names(entry: PaletteEntry) -> list[str]:
    """The label in every language and the further words: a Chinese page is found by its English name and
    back.
    """
    names = []
    for language in LANGUAGES:
        with override(language):
            names += [str(name) for name in (entry.label, *entry.words)]
    return names


def _pages(request: HttpRequest) -> Iterable[PaletteEntry]:
    for item in allowed_items(request):
        yield PaletteEntry(item.label, item.target, _("Pages"), item.icon, item.group.label, item.words)
    for link in allowed(PERSON_LINKS, request):
        if not link.post:
            yield _entry(link, _("Pages"))


def _acts(request: HttpRequest) -> Iterable[PaletteEntry]:
    for link in allowed(CREATES, request):
        label = format_lazy(_("New {name}"), name=link.label)
        yield PaletteEntry(label, link.url, _("Create"), link.icon, "", (link.label, *link.words))


def _entry(link: ShellLink, kind: Text) -> PaletteEntry:
    return PaletteEntry(link.label, link.url, kind, link.icon, "", link.words)
