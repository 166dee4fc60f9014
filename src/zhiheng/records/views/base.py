"""What every generated page shares: who asks, which record type, how refusals are answered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django.contrib.auth.mixins import AccessMixin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views import View

from zhiheng.kernel.actor import Actor, current
from zhiheng.kernel.errors import DomainError, NotAllowed, NotFound
from zhiheng.platform.grants import may, visible_to
from zhiheng.records.declaration import RecordType
from zhiheng.records.routes import record_url

TYPE_PAGES = ("list", "filters", "add", "bulk", "export", "import", "save_view")


class RecordView(AccessMixin, View):
    """A page of one record type. Rows come only through grants; an error of the domain becomes a page."""

    record_type = cast(RecordType, None)  # set by `as_view`
    action = "view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            return super().dispatch(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error
        except DomainError as error:
            return self.refused(error)

    @property
    def actor(self) -> Actor:
        """Who asks, as the middleware said."""
        return current().actor

    def may(self, action: str, target: Any = None) -> bool:
        """Whether the person may do this on the record, or on some record of the type."""
        return may(self.actor, action, self.record_type.model if target is None else target)

    def demand(self, action: str) -> None:
        """Refuse a person without any grant of this action. Raises NotAllowed."""
        if not self.may(action):
            raise NotAllowed("")

    def record(self, pk: Any, action: str = "view", *, joined: Sequence[str] = ()) -> Any:
        """The record, if the person may see it; a hidden one answers like one that never was.

        `joined` names what it links to and the page shows, to be read with it.
        """
        rows = visible_to(self.actor, action, self.record_type.model._default_manager.all()).filter(pk=pk)
        found = (rows.select_related(*joined) if joined else rows).first()
        if found is None:
            raise Http404
        return found

    def refused(self, error: DomainError) -> HttpResponse:
        """The page that says what is not possible and what to do instead."""
        return self.render("records/refused.html", {"error": error}, status=error.status)

    def render(self, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """A page with the record type at hand."""
        shared = {"record_type": self.record_type, "links": links_of(self.record_type)}
        return render(self.request, template, {**shared, **context}, status=status)


def links_of(record_type: RecordType) -> dict[str, str]:
    """The addresses of the pages over all records of a type."""
    return {page: record_url(record_type, page) for page in TYPE_PAGES}
