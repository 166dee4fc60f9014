"""What the views of this package share: who is signed in, and errors of the domain as pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from zhiheng.accounts.models import Person
from zhiheng.kernel.errors import NotAllowed, NotFound
from zhiheng.platform.journal.archive.place import ArchiveUnreadable
from zhiheng.web.views import errors

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]


def person_of(request: HttpRequest) -> Person:
    """The signed-in person of a view behind `signed_in_page`."""
    assert isinstance(request.user, Person)
    return request.user


def signed_in_page(view: View[P]) -> View[P]:
    """A page for signed-in people; what they may not see or do is answered by the error pages."""

    @wraps(view)
    def answer(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except NotFound as error:
            raise Http404(str(error)) from error
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except ArchiveUnreadable as error:
            return errors.unreadable(request, error)

    return login_required(answer)  # type: ignore[return-value]  # django-stubs lose the parameters
