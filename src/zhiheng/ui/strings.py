"""The texts that the front-end bundle shows, translated by Django: one catalogue for both."""

from __future__ import annotations

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

STRINGS = {
    "close": _("Close"),
    "cancel": _("Cancel"),
    "confirm": _("Continue"),
    "leaveTitle": _("Leave without saving?"),
    "leaveText": _("What you entered on this page has not been saved."),
    "draftKept": _("Your draft from %(time)s was kept and filled in again."),
    "draftDrop": _("Discard the draft"),
    "required": _("Fill this in."),
    "invalid": _("Check this entry."),
    "searchChoices": _("Type to search"),
    "noMatch": _("Nothing matches."),
    "paletteHint": _("Go to a page, a record or an act"),
    "paletteNone": _("Nothing found for “%(query)s”."),
    "paletteFailed": _("The search could not be reached. Try again."),
    "selected": _("%(count)s selected"),
    "keysTitle": _("Keyboard"),
    "keysEverywhere": _("Everywhere"),
    "keysList": _("In a list"),
    "keysRecord": _("On a record"),
    "keyDown": _("Next row"),
    "keyUp": _("Previous row"),
    "keyOpen": _("Open"),
    "keySelect": _("Select"),
    "keyRange": _("Select up to here"),
    "keyPeek": _("Peek at the right"),
    "keyAssign": _("Assign"),
    "keyState": _("Change the state"),
    "keyReply": _("Reply"),
    "keyNote": _("Write a note"),
    "keyEdit": _("Edit"),
    "keyCreate": _("Create"),
    "keySearch": _("Search"),
    "keyPalette": _("Go anywhere"),
    "keyHelp": _("All keys"),
    "keyOlder": _("Older"),
    "keyNewer": _("Newer"),
    "requestFailed": _("That did not work (%(status)s). Nothing was changed. Try again, or reload the page."),
    "offline": _("No connection to the server. What you typed stays on this page."),
    "savePng": _("Save as PNG"),
    "saveCsv": _("Save as CSV"),
    "fit": _("Fit to the window"),
    "zoomIn": _("Zoom in"),
    "zoomOut": _("Zoom out"),
    "target": _("Target"),
    "interval": _("Interval"),
    "lowerLimit": _("Lower limit"),
    "upperLimit": _("Upper limit"),
    "category": _("Category"),
    "cases": _("%(count)s cases"),
    "openRows": _("Click to open the rows"),
    "chartFailed": _("The chart could not be drawn. The same figures are in the table below it."),
    "justNow": _("just now"),
    "ago": _("%(time)s ago"),
    "in": _("in %(time)s"),
    "seconds": _("%(count)s s"),
    "minutes": _("%(count)s min"),
    "hours": _("%(count)s h"),
    "days": _("%(count)s d"),
    "copied": _("Copied."),
    "loading": _("Loading"),
}


def frontend_strings() -> dict[str, str]:
    """Every text in the active language, and that language under `lang`."""
    return {"lang": get_language() or "en", **{key: str(text) for key, text in STRINGS.items()}}
