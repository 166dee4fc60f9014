"""A grant as a condition over the facts: the same rows as the Q, in DuckDB's dialect."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Model

from zhiheng.kernel.actor import Actor
from zhiheng.platform.grants.branches import Branch, branches

KIND_COLUMN = "kind"
CONFIDENTIAL_COLUMN = "confidential"

Parameters = dict[str, list[int] | list[str]]


def facts_predicate(actor: Actor, action: str, model: type[Model]) -> tuple[str, Parameters]:
    """SQL that is true for the rows of the facts the actor may see, and its named parameters (``$grant_…``).

    Reads the id columns that the model's scopes name, ``kind`` and ``confidential``.
    """
    found = branches(actor, action, model)
    if found.all:
        return "true", {}
    if not found or found.declaration is None:
        return "false", {}
    parameters: Parameters = {}
    terms = [" and ".join(_terms(branch, number, parameters)) for number, branch in enumerate(found.items)]
    sql = "true" if found.everything else "(" + " or ".join(f"({term})" for term in terms) + ")"
    if found.hidden:
        parameters["grant_hidden"] = sorted(found.hidden)
        key = found.declaration.fact_key
        sql += f" and not ({CONFIDENTIAL_COLUMN} and list_contains($grant_hidden, {key}))"
    return sql, parameters


def _terms(branch: Branch, number: int, parameters: Parameters) -> Iterator[str]:
    if branch.field:
        parameters[f"grant_{number}"] = list(branch.ids)
        # A missing id belongs to no scope; without coalesce it would be NULL and poison the OR in a NOT.
        yield f"coalesce(list_contains($grant_{number}, {branch.fact}), false)"
    if branch.kinds is not None:
        parameters[f"grant_{number}_kinds"] = sorted(branch.kinds)
        yield f"coalesce(list_contains($grant_{number}_kinds, {KIND_COLUMN}), false)"
