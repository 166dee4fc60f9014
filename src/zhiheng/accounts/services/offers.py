"""People that the sign-in page of a demo offers, to be signed in as by a click. Higher packages make them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.conf import settings

_offers: list[Callable[[], Sequence[Mapping[str, str]]]] = []


def offer_people(find: Callable[[], Sequence[Mapping[str, str]]]) -> None:
    """Let the demo put people on the sign-in page: `username`, `password`, `name` and `duty` of each."""
    _offers.append(find)


def offered_people() -> list[Mapping[str, str]]:
    """People that can be signed in as by a click; none unless the installation is a demo."""
    return [person for find in _offers for person in find()] if settings.DEMO else []
