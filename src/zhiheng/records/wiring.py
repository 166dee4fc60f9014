"""What registering a record type sets off: grants learn its scopes and acts; declarations are checked at start-up."""

from __future__ import annotations

from django.core import checks

from zhiheng.platform.grants import Everyone, register_scopes
from zhiheng.records.checks import check_declarations
from zhiheng.records.declaration import RecordType
from zhiheng.records.registry import registry


def declare_scopes(record_type: RecordType) -> None:
    """Tell grants how rows of the model are reached and which acts exist on it."""
    register_scopes(
        record_type.model,
        record_type.scope or Everyone(),
        confidential=record_type.confidential,
        kind_field=record_type.kind_field,
        actions={act.action: act.words for act in record_type.acts},
    )


registry.listen(declare_scopes)
checks.register(check_declarations, "records")
