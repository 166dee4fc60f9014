"""A request that goes through the middleware to a view which notes as whom it is asked."""

from typing import Any

from django.test import RequestFactory
from django.utils import timezone, translation

from zhiheng.accounts.middleware import ActingMiddleware
from zhiheng.kernel.actor import current


def run(user: Any, path: str, **headers: str) -> tuple[Any, ...]:
    """Kind and id of the actor, cause, language and zone that the view finds."""
    seen: list[tuple[Any, ...]] = []

    def view(request: Any) -> Any:
        who = current()
        seen.append(
            (
                who.actor.kind,
                who.actor.id,
                who.cause,
                translation.get_language(),
                timezone.get_current_timezone_name(),
            )
        )

    request = RequestFactory().get(path, headers=headers)
    request.user = user
    with translation.override("zh-hans"):
        ActingMiddleware(view)(request)
    return seen[0]
