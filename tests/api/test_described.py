"""Whatever a program sends that fits the API's own description, or misses it: an answer it describes, never a fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from zhiheng.accounts.services import issue_token
from zhiheng.config.defaults import install_defaults
from zhiheng.kernel.actor import SYSTEM, Cause, acting
from zhiheng.kernel.time import now
from zhiheng.platform.grants.permissions import permissions
from zhiheng.records.registry import registry
from zhiheng.records.testing.people import make_person
from zhiheng.records.testing.samples import sample

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
EXAMPLES = 8
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
RECORD_TYPES = [record_type for record_type in registry if record_type.api]


@pytest.fixture
def program(settings: Any) -> Iterator[dict[str, str]]:
    """The header of a program that may do everything, to which one record of the type is known."""
    settings.API_CALLS_PER_MINUTE = 0
    settings.ALLOWED_HOSTS = ["*"]
    with acting(SYSTEM, Cause.SETUP):
        install_defaults()
        everything = [f"{name}:{action}" for name, actions in permissions.all().items() for action in actions]
        person = make_person("program", [(permission, "all") for permission in everything])
        _token, secret = issue_token(
            person=person, name="program", permissions_wanted=everything, expires_at=now() + timedelta(days=1)
        )
    # The requests are part of the test's own transaction, as those of Django's test client are.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield {"Authorization": f"Bearer {secret}"}
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.mark.parametrize("record_type", RECORD_TYPES, ids=lambda record_type: record_type.label)
def test_every_address_answers_as_described(record_type: Any, program: dict[str, str]) -> None:
    with acting(SYSTEM, Cause.SETUP):
        known = sample(record_type.model, 1).pk
    described = schemathesis.openapi.from_wsgi("/api/v1/schema/", get_wsgi_application(), headers=program)
    prefix = f"{record_type.label.replace('.', '_')}_"
    chosen = [
        operation
        for operation in (result.ok() for result in described.get_all_operations())
        if str(operation.definition.raw["operationId"]).startswith(prefix)
    ]
    assert chosen
    for operation in chosen:
        _ask(operation, known, program)


def _ask(operation: Any, known: int, headers: dict[str, str]) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        if case.path_parameters and "id" in case.path_parameters:
            case.path_parameters["id"] = known
        with transaction.atomic():
            response = case.call(headers=headers)
            transaction.set_rollback(True)
        case.validate_response(response, checks=CHECKS)

    ask()
