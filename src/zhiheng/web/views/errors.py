"""Error pages: what happened, what is safe, what to do, and a number that leads to the log."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import get_language_from_request
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import current, current_or_none
from zhiheng.kernel.ids import new_correlation
from zhiheng.platform.grants import may
from zhiheng.platform.journal.archive.place import ArchiveUnreadable
from zhiheng.platform.models import Entry
from zhiheng.ui.context import shell

logger = logging.getLogger("zhiheng.web.errors")
TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one error page."""

    title: Promise
    happened: Promise
    safe: Promise
    todo: Promise


BAD_REQUEST = Words(
    _("This request could not be read"),
    _("Your browser sent something that we do not understand."),
    _("Nothing was changed."),
    _("Go back and try again. If it happens again, tell the service desk the number below."),
)
LARGE = Words(
    _("Too large"),
    _("What you sent is larger than this installation takes in at once."),
    _("Nothing was saved; what you typed is kept as a draft on this device."),
    _("Go back and send less: smaller files, or several messages."),
)
FORBIDDEN = Words(
    _("You may not open this"),
    _("Your roles do not include this page or act."),
    _("Nothing was changed."),
    _("If you need it for your work, ask the person who administers roles."),
)
FORGERY = Words(
    _("Please send it again"),
    _(
        "This page was open for too long, or cookies are switched off, so we could not be sure that it was you."
    ),
    _("Nothing was changed; what you typed is kept as a draft on this device."),
    _("Go back, reload the page and send it again."),
)
MISSING = Words(
    _("There is nothing here"),
    _("The address is wrong, or what was here is gone or not for you."),
    _("Nothing was changed."),
    _("Check the address, or search for it from the start page."),
)
BROKEN = Words(
    _("Something broke on our side"),
    _("An error stopped this page. It has been written to the log."),
    _("What you had saved before is safe; this last step was not carried out."),
    _("Try again in a moment. If it happens again, tell the service desk the number below."),
)
UNREADABLE = Words(
    _("Older history cannot be read at the moment"),
    _("What you asked for lies in a file of the archive that is missing or damaged."),
    _("Nothing was changed. Everything that does not need this file works as before."),
    _("Tell the service desk the number below, so that the file is restored."),
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, or 413 for what is too large."""
    if isinstance(exception, TOO_LARGE):
        return _page(request, LARGE, 413, exception)
    return _page(request, BAD_REQUEST, 400, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403, with the reason where the domain gave one."""
    return _page(request, FORBIDDEN, 403, exception, happened=str(exception))


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 because the form's token is missing or old."""
    logger.warning("csrf: %s on %s", reason, request.path)
    return _page(request, FORGERY, 403)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """404; what exists but is hidden answers the same."""
    return _page(request, MISSING, 404)


def unreadable(request: HttpRequest, error: ArchiveUnreadable) -> HttpResponse:
    """503. Whoever may read the journal is told which file it is and how it comes back; others whom to tell."""
    logger.error("archive unreadable, reference %s, on %s: %s", reference_now(), request.path, error.message)
    told = may(current().actor, "view", Entry)
    words = {"happened": str(error.message), "todo": str(error.remedy)} if told else {}
    return _page(request, UNREADABLE, error.status, error, **words)


BARE = (
    '<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{0}</title>'
    "<h1>{0}</h1><p>{1}</p><p>{2}</p><p>{3}</p><p><code>{4}</code></p>"
)
"""The page of a broken page, when the templates are what broke."""


@dataclass(frozen=True, slots=True)
class BareRequest:
    """All that the page of a broken request needs of it: nothing that asks the database."""

    get_full_path: str


def broken(request: HttpRequest) -> HttpResponse:
    """500. Drawn without session, person or database, any of which may be what broke; at last without a template."""
    reference = reference_now()
    logger.error("error %s on %s", reference, request.path)
    bare = BareRequest(request.get_full_path())
    # What broke may have done so before the language of the request was found.
    with translation.override(getattr(request, "LANGUAGE_CODE", None) or get_language_from_request(request)):
        context = {**_words(BROKEN), "reference": reference, "request": bare, **shell(request)}
        try:
            page: str = render_to_string("ui/error.html", context)
        except (
            Exception
        ):  # this is the page of last resort: whatever broke it, the person still gets an answer
            logger.exception("the page of error %s is broken too", reference)
            words = [str(context[name]) for name in ("happened", "safe", "todo")]
            page = format_html(BARE, str(BROKEN.title), *words, reference)
    return HttpResponse(page, status=500)


def reference_now() -> str:
    """The correlation of the operation: the same number stands in the journal and in the log."""
    acting = current_or_none()
    return str(acting.correlation if acting else new_correlation())


def _words(words: Words) -> dict[str, object]:
    return {"title": words.title, "happened": words.happened, "safe": words.safe, "todo": words.todo}


def _page(
    request: HttpRequest, words: Words, status: int, exception: Exception | None = None, **instead: str
) -> HttpResponse:
    """The page of these words, or of those given `instead`."""
    reference = reference_now()
    logger.info("answered %s, reference %s, on %s: %s", status, reference, request.path, exception or "")
    context = {
        **_words(words),
        "reference": reference,
        **{name: said for name, said in instead.items() if said},
    }
    return render(request, "ui/error.html", context, status=status)
