"""The acts of calendars, and the events they are to handlers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.events import Event, event
from zhiheng.platform.journal import register_act

REWRITTEN = register_act("calendars.calendar.rewritten", label=_("got new hours"), icon="calendar-time").name


@event
@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarRewritten(Event):
    """A calendar has a new version: clocks that still run count on it from now on."""

    acts: ClassVar = (REWRITTEN,)

    version: int
    number: int
