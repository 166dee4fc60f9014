"""Verifies the journal: finds any alteration, deletion or insertion up to the last anchored head."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from zhiheng.platform.journal.anchors import Anchor, AnchorDamaged, read_anchors
from zhiheng.platform.journal.archive.checking import OpenFile
from zhiheng.platform.journal.archive.place import kept_readable
from zhiheng.platform.journal.digests import erased_commitment, leaf, seal_digest, unpack_leaves, values_of
from zhiheng.platform.journal.erasure import ERASURE
from zhiheng.platform.journal.sealing import GENESIS
from zhiheng.platform.journal.values import REVISION
from zhiheng.platform.models.journal import ArchiveFile, Entry, Revision, Seal


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `entry` is the first entry concerned, where that can be told."""

    kind: str  # altered | deleted | inserted | erased | revision | seal | head | anchor | archive
    text: str
    entry: int | None = None


@dataclass(slots=True)
class Verification:
    """What was checked and what is wrong. Entries after `anchored_to` are not protected yet."""

    entries: int = 0
    seals: int = 0
    anchors: int = 0
    sealed_to: int = 0
    anchored_to: int = 0
    unsealed: int = 0
    files: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    @property
    def first_bad_entry(self) -> int | None:
        """The lowest entry that is known to be wrong."""
        return min((problem.entry for problem in self.problems if problem.entry is not None), default=None)


@dataclass(slots=True)
class _Erasures:
    """Values that are gone, and those of which an entry says who erased them and why."""

    gone: list[tuple[int, str]] = field(default_factory=list)
    told: set[tuple[int, str]] = field(default_factory=set)

    def note(self, entry: Entry) -> None:
        self.gone += [
            (entry.pk, path) for path, value in values_of(entry) if erased_commitment(value) is not None
        ]
        if entry.act == ERASURE.name:
            self.hear(entry)

    def hear(self, entry: Entry) -> None:
        for number, paths in entry.data.get("entries", {}).items():
            self.told.update((int(number), path) for path in paths)


class _Shelf:
    """The archive file that is being compared with the seals; one at a time, in order."""

    def __init__(self) -> None:
        self._open: OpenFile | None = None

    def file_of(self, seal: Seal, outcome: Verification) -> OpenFile | None:
        """The file that holds the entries of a seal. What is wrong with the file is told when it is opened."""
        rows = ArchiveFile.objects.filter(live=True, last_entry__gte=seal.last_entry)
        row = rows.filter(first_entry__lte=seal.last_entry).order_by("last_entry").first()
        if row is None:
            return None
        if self._open is None or self._open.file.pk != row.pk:
            self._open = None  # what it held is let go before the next one is read
            self._open = OpenFile(row)
            outcome.files += 1
            outcome.problems += [Problem("archive", text, row.first_entry) for text in self._open.problems]
        return self._open


def verify_journal(*, anchors: Path | None = None) -> Verification:
    """Recompute the chain from the entries and compare it with the seals and with the signed heads."""
    with kept_readable():
        return _verified(anchors)


def _verified(anchors: Path | None) -> Verification:
    outcome, erasures, shelf = Verification(), _Erasures(), _Shelf()
    digests: dict[int, tuple[str, int]] = {}
    previous, reached = GENESIS, 0
    for seal in Seal.objects.order_by("last_entry").iterator(chunk_size=50):
        _check_seal(seal, previous, reached, outcome)
        _check_entries(seal, reached, outcome, erasures, shelf)
        digests[seal.pk] = (seal.digest, seal.last_entry)
        previous, reached = seal.digest, seal.last_entry
        outcome.seals += 1
    outcome.sealed_to = reached
    outcome.unsealed = Entry.objects.filter(id__gt=reached).count()
    _check_anchors(digests, reached, anchors, outcome)
    _check_erasures(erasures, outcome)
    return outcome


def _check_seal(seal: Seal, previous: str, reached: int, outcome: Verification) -> None:
    expected = seal_digest(
        previous=previous,
        first=seal.first_entry,
        last=seal.last_entry,
        entries=seal.entries,
        leaves=bytes(seal.leaves),
        sealed_at=seal.sealed_at,
    )
    if seal.digest != expected or seal.previous != previous or seal.first_entry <= reached:
        text = _("seal %(seal)s over entries %(first)s-%(last)s does not follow the one before it") % {
            "seal": seal.pk,
            "first": seal.first_entry,
            "last": seal.last_entry,
        }
        outcome.problems.append(Problem("seal", text))


def _check_entries(
    seal: Seal, reached: int, outcome: Verification, erasures: _Erasures, shelf: _Shelf
) -> None:
    try:
        leaves = unpack_leaves(bytes(seal.leaves))
    except ValueError:
        text = _("seal %(seal)s: the list of digests was cut") % {"seal": seal.pk}
        outcome.problems.append(Problem("seal", text))
        leaves = {}
    # The table before the files: entries that are archived in between are in one of the two.
    rows = list(Entry.objects.filter(id__gt=reached, id__lte=seal.last_entry).order_by("id"))
    file = shelf.file_of(seal, outcome)
    if file is not None:
        for entry in rows:  # not deleted yet; they must be what was sealed all the same
            outcome.problems += _entry_problems(entry, leaves.get(entry.pk))
        if not file.lines:
            return  # one problem says that all of the file cannot be read
    for entry in rows if file is None else file.entries(after=reached, last=seal.last_entry):
        outcome.entries += 1
        erasures.note(entry)
        outcome.problems += _entry_problems(entry, leaves.pop(entry.pk, None))
    outcome.problems += [
        Problem("deleted", _("entry %(entry)s was deleted") % {"entry": gone}, gone) for gone in leaves
    ]


def _entry_problems(entry: Entry, expected: bytes | None) -> list[Problem]:
    if expected is None:
        text = _("entry %(entry)s was not there when it was sealed") % {"entry": entry.pk}
        return [Problem("inserted", text, entry.pk)]
    if _leaf(entry) != expected:
        return [Problem("altered", _("entry %(entry)s was altered") % {"entry": entry.pk}, entry.pk)]
    return _revision_problems(entry)


def _leaf(entry: Entry) -> bytes | None:
    try:
        return leaf(entry)
    except (KeyError, ValueError, AttributeError):
        return None  # the row no longer has the shape of an entry


def _references(value: Any) -> Iterator[dict[str, Any]]:
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, dict) and REVISION in item:
            yield item


def _revision_problems(entry: Entry) -> list[Problem]:
    wrong = []
    for _path, value in values_of(entry):
        for reference in _references(value):
            texts = Revision.objects.filter(pk=reference[REVISION]).values_list("text", flat=True)
            text = texts.first()
            if text is None or hashlib.sha256(text.encode()).hexdigest() != reference["sha256"]:
                note = _("entry %(entry)s: text revision %(revision)s was altered or deleted") % {
                    "entry": entry.pk,
                    "revision": reference[REVISION],
                }
                wrong.append(Problem("revision", note, entry.pk))
    return wrong


def _check_anchors(
    digests: dict[int, tuple[str, int]], reached: int, path: Path | None, outcome: Verification
) -> None:
    good_to = 0
    for anchor in read_anchors(path):
        if isinstance(anchor, AnchorDamaged):
            outcome.problems.append(Problem("anchor", str(anchor)))
            continue
        outcome.anchors += 1
        outcome.anchored_to = max(outcome.anchored_to, anchor.last_entry)
        if digests.get(anchor.seal) == (anchor.digest, anchor.last_entry):
            good_to = max(good_to, anchor.last_entry)
        else:
            outcome.problems.append(_broken_head(anchor, good_to, reached))


def _broken_head(anchor: Anchor, good_to: int, reached: int) -> Problem:
    if anchor.last_entry > reached:
        text = _("the chain ends at entry %(reached)s; on %(time)s it reached %(last)s") % {
            "reached": reached,
            "time": anchor.anchored_at,
            "last": anchor.last_entry,
        }
        return Problem("head", text, reached + 1)
    text = _(
        "entries %(first)s-%(last)s are not those of the head signed at %(time)s: the chain was rewritten"
    ) % {"first": good_to + 1, "last": anchor.last_entry, "time": anchor.anchored_at}
    return Problem("head", text, good_to + 1)


def _check_erasures(erasures: _Erasures, outcome: Verification) -> None:
    """A value may be gone only if an entry says who erased it and why."""
    if erasures.gone:
        for entry in Entry.objects.filter(act=ERASURE.name).iterator():
            erasures.hear(entry)
    for number, path in erasures.gone:
        if (number, path) not in erasures.told:
            text = _("entry %(entry)s: %(path)s was erased, and no entry says by whom") % {
                "entry": number,
                "path": path,
            }
            outcome.problems.append(Problem("erased", text, number))
