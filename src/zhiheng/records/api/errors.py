"""Errors as problem details (RFC 9457): what happened, a stable code, the field, what to do."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from zhiheng.kernel.errors import DomainError

CONTENT_TYPE = "application/problem+json"


def problem_details(error: Exception, context: dict[str, Any]) -> Response | None:
    """The response to an error; None for a fault of the platform itself, which becomes a 500."""
    if isinstance(error, DomainError):
        set_rollback()
        return _problem(
            error.status,
            code=error.code,
            detail=str(error.message),
            field=error.field,
            remedy=str(error.remedy) if error.remedy else None,
        )
    response = exception_handler(error, context)
    if response is None:
        return None
    headers = {name: value for name, value in response.headers.items() if name.lower() != "content-type"}
    if isinstance(error, exceptions.ValidationError):
        problem = _problem(400, code="invalid", detail=_first(error.detail), errors=error.detail)
    else:
        problem = _problem(response.status_code, code=_code(error), detail=_first(response.data))
    for name, value in headers.items():
        problem.headers[name] = value
    return problem


def _problem(status: int, *, code: str, detail: str, **more: Any) -> Response:
    body = {"type": f"urn:zhiheng:problem:{code}", "status": status, "code": code, "detail": detail}
    body |= {name: value for name, value in more.items() if value is not None}
    return Response(body, status=status, content_type=CONTENT_TYPE)


def _code(error: Exception) -> str:
    if isinstance(error, Http404 | exceptions.NotFound):
        return "not_found"
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return "not_allowed"
    return str(getattr(error, "default_code", "error"))


def _first(detail: Any) -> str:
    """The first text in whatever shape DRF gives."""
    if isinstance(detail, dict):
        name, value = next(iter(detail.items()), ("", ""))
        return _first(value) if name in {"detail", "non_field_errors"} else f"{name}: {_first(value)}"
    if isinstance(detail, list):
        return _first(detail[0]) if detail else ""
    return str(detail)
