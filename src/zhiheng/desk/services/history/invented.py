"""Making what a load invents while others may invent the same: looked up, made under a savepoint, looked up again.

A look before the write is not enough: on PostgreSQL another transaction may commit between the two, and names of which
the look did not ask (a sign-in name, a team of another source) may be taken on both engines.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Model

Made = TypeVar("Made", bound=Model)
MOST_TRIES = 5
"""Each try that fails met something that another one committed; more in a row than this is no coincidence."""


def found_or_made(*, find: Callable[[], Made | None], make: Callable[[], Made]) -> Made:
    """The record that `find` knows, else the one that `make` saves, else the one that another made meanwhile."""
    found = find()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        found = find()
        if found is None:
            raise
        return found


def make_missing(
    records: Sequence[Made],
    *,
    without_known: Callable[[Sequence[Made]], list[Made]],
    write: Callable[[Sequence[Made]], object],
    respell: Callable[[Collection[Made]], object] | None = None,
) -> None:
    """Write, in the open transaction, the records that `without_known` leaves: it looks anew, and keeps what it finds.

    Those that meet what another committed since are looked for again, get other names by `respell` where they are
    somebody else's, and are written again. Raises IntegrityError when that does not end.
    """
    for last in (number == MOST_TRIES for number in range(1, MOST_TRIES + 1)):
        fresh = without_known(records)
        try:
            with _as_they_were(fresh), transaction.atomic():
                if fresh:
                    write(fresh)
            return
        except IntegrityError:
            if last:
                raise
        if respell is not None:
            respell(without_known(records))


@contextmanager
def _as_they_were(records: Sequence[Made]) -> Iterator[None]:
    """Records of a write that is taken back are as unsaved as before it."""
    try:
        yield
    except IntegrityError:
        for record in records:
            record.pk, record._state.adding = None, True
        raise
