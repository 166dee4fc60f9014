"""A time limit for reads that no index serves, so that one person's curiosity never stops the others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import InvalidInput

STEPS_BETWEEN_LOOKS = 10_000
"""Instructions of SQLite's virtual machine between two looks at the clock: about a millisecond."""


class TooSlow(InvalidInput):
    """The list would have read too much."""

    default_code = "too_slow"
    status = 422


def limit_s() -> float:
    """Seconds an unindexed filter may take."""
    return float(getattr(settings, "RECORDS_SLOW_FILTER_SECONDS", 3.0))


@contextmanager
def time_limit(*, needed: bool, seconds: float | None = None) -> Iterator[None]:
    """Stop queries inside that take longer than `seconds` (default: `limit_s`), where `needed`. Raises TooSlow."""
    if not needed:
        yield
        return
    most = limit_s() if seconds is None else seconds
    try:
        with _limited_postgresql(most) if connection.vendor == "postgresql" else _limited_sqlite(most):
            yield
    except OperationalError as error:
        if not _is_timeout(error):
            raise
        raise too_slow() from error


def too_slow() -> TooSlow:
    """What says that a filter has to be narrowed."""
    return TooSlow(
        _("This filter would have to read too many rows."),
        remedy=_("Narrow it with one of the filters offered above the list, such as a period or a state."),
    )


def _is_timeout(error: OperationalError) -> bool:
    text = str(error)
    return "statement timeout" in text or "interrupted" in text


@contextmanager
def _limited_postgresql(seconds: float) -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select set_config('statement_timeout', %s, true)", [str(int(seconds * 1000))])
        yield
        cursor.execute("select set_config('statement_timeout', '0', true)")


@contextmanager
def _limited_sqlite(seconds: float) -> Iterator[None]:
    connection.ensure_connection()
    deadline = time.monotonic() + seconds
    connection.connection.set_progress_handler(lambda: time.monotonic() > deadline, STEPS_BETWEEN_LOOKS)
    try:
        yield
    finally:
        connection.connection.set_progress_handler(None, 0)
