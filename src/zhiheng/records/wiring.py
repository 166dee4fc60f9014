"""What registering a record type sets off: grants learn its scopes and acts; declarations are checked at start-up."""

from __future__ import annotations

from django.core import checks
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.db.buffer import before_journal
from zhiheng.platform.grants import Everyone, register_scopes
from zhiheng.records.checks import check_declarations
from zhiheng.records.declaration import RecordType
from zhiheng.records.filters import SHARED
from zhiheng.records.navigation import add_to_frame, furnish
from zhiheng.records.registry import registry
from zhiheng.records.search.index import follow_journal
from zhiheng.records.search.matching import VIEW_PRIVATE
from zhiheng.records.tagging import tag_filter


def declare_scopes(record_type: RecordType) -> None:
    """Tell grants how rows of the model are reached and which acts exist on it."""
    register_scopes(
        record_type.model,
        record_type.scope or Everyone(),
        confidential=record_type.confidential,
        kind_field=record_type.kind_field,
        actions=actions_of(record_type),
    )


def actions_of(record_type: RecordType) -> dict[str, object]:
    """The actions that exist beside the generic ones."""
    actions: dict[str, object] = {act.action: act.words for act in record_type.acts}
    if record_type.has_private_texts:
        actions[VIEW_PRIVATE] = _("Read private texts")
    return actions


SHARED["tags"] = tag_filter
registry.listen(declare_scopes)
registry.listen(add_to_frame)
furnish()
before_journal.append(follow_journal)
checks.register(check_declarations, "records")
