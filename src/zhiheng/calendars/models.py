"""Working calendars: zone and weekly hours in frozen versions, public holidays by country and year."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from zhiheng.kernel.text import localized
from zhiheng.platform.journal import JournaledModel


class Calendar(JournaledModel):
    """When service is given: 5×8, 7×24 or the organisation's own hours."""

    slug = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.JSONField(_("name"), help_text=_("One text for Chinese (zh) and one for English (en)."))
    zone = models.CharField(_("time zone"), max_length=60, default="Asia/Shanghai")
    country = models.CharField(
        _("public holidays of"),
        max_length=2,
        blank=True,
        help_text=_("ISO country code; empty: no public holidays."),
    )
    observes_make_up_days = models.BooleanField(_("works on make-up working days"), default=True)
    retired = models.BooleanField(_("retired"), default=False)

    class Meta:
        verbose_name = _("working calendar")
        verbose_name_plural = _("working calendars")
        ordering = ("slug",)

    def __str__(self) -> str:
        return localized(self.name)


class CalendarVersion(JournaledModel):
    """The hours of a calendar as frozen on one day. A finished clock keeps the version it was measured with."""

    calendar = models.ForeignKey(
        Calendar, models.CASCADE, related_name="versions", verbose_name=_("working calendar")
    )
    number = models.PositiveIntegerField(_("version"))
    document = models.JSONField(
        _("hours"), help_text=_("Weekly intervals, dated exceptions and yearly closures.")
    )
    # Kept apart so that next year's public holidays can be put in without losing them.
    own = models.JSONField(
        _("days of one's own"),
        default=list,
        blank=True,
        help_text=_("Exceptions that no public holiday gives."),
    )
    note = models.TextField(_("what changed and why"), blank=True)
    created_at = models.DateTimeField(pgettext_lazy("time", "created"), auto_now_add=True)

    class Meta:
        verbose_name = _("calendar version")
        verbose_name_plural = _("calendar versions")
        ordering = ("calendar", "-number")
        constraints = (
            models.UniqueConstraint(fields=("calendar", "number"), name="calendar_version_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.calendar} v{self.number}"


class HolidayYear(JournaledModel):
    """The public holidays and make-up days of one country and year, as announced, and where they were read."""

    country = models.CharField(_("country"), max_length=2)
    year = models.PositiveSmallIntegerField(_("year"))
    announced = models.BooleanField(
        _("announced"),
        default=False,
        help_text=_("Off while the official notice of the year has not been published."),
    )
    source = models.CharField(_("source"), max_length=200, blank=True)
    closed_days = models.JSONField(
        _("closed days"), default=list, blank=True, help_text=_("Dates with their holiday's name.")
    )
    make_up_days = models.JSONField(
        _("make-up working days"), default=list, blank=True, help_text=_("Dates worked instead.")
    )

    class Meta:
        verbose_name = _("holiday year")
        verbose_name_plural = _("holiday years")
        ordering = ("country", "-year")
        constraints = (models.UniqueConstraint(fields=("country", "year"), name="holiday_year_once"),)

    def __str__(self) -> str:
        return f"{self.country} {self.year}"
