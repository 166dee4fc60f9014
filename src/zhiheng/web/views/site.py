"""What machines ask for: health, robots, the icon."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhiheng.web.queries.health import health_now
from zhiheng.web.rules.wellness import problems_of

FATAL = frozenset({"database", "migrations"})


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:  # noqa: ARG001 - the signature of a view
    """503 where pages cannot be served; a missing worker is named but pages still answer."""
    health = health_now()
    age = health.worker_age_s
    problems = problems_of(database=health.database, migrated=health.migrated, worker_age_s=age)
    body = {
        "ok": not problems, "problems": problems, "database": health.database, "migrated": health.migrated,
        "worker_age_s": None if age is None else round(age, 1),
    }  # fmt: skip
    return JsonResponse(body, status=503 if FATAL & set(problems) else 200)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the signature of a view
    """Nothing here is for search engines."""
    return HttpResponse("User-agent: *\nDisallow: /\n", content_type="text/plain")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - the signature of a view
    """The mark, for browsers that ask at the old address."""
    return redirect(static("zhiheng/mark.svg"))
