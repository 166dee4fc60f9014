"""Writes every record type shares: permission, rules of the model, save with journal, second look.

Pages, API, import and bulk acts all come through here. Where a declaration names a service of its domain,
that one is called, with the same checks around it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Model, ProtectedError, RestrictedError
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.actor import current
from zhiheng.kernel.errors import Conflict, DomainError, InvalidInput, NotAllowed
from zhiheng.platform.grants import require, second_look
from zhiheng.records.fields import concrete_field
from zhiheng.records.given import check_taken, check_texts, keywords_of
from zhiheng.records.stamps import changed_by_others

if TYPE_CHECKING:
    from zhiheng.records.declaration import Act, RecordType


def call(
    service: Callable[..., Any], record_type: RecordType, record: Model | None, values: Mapping[str, Any]
) -> Any:
    """Call a service of a domain: the record under its model's name, actor and cause where it names them."""
    acting_now, keywords = current(), keywords_of(service)
    offered: dict[str, Any] = dict(values)
    if record is not None:
        offered["record" if "record" in keywords else record_type.name] = record
    for name, value in (("actor", acting_now.actor), ("cause", acting_now.cause)):
        if name in keywords:
            offered.setdefault(name, value)
    return service(**offered)


def create_record(*, record_type: RecordType, values: Mapping[str, Any]) -> Model:
    """Add a record. Raises NotAllowed, InvalidInput and what the domain's own service raises."""
    actor = current().actor
    require(actor, "add", record_type.model)
    if record_type.create is False:
        raise NotAllowed(_("Records of this type are not added by hand."))
    check_texts(record_type, values)
    with transaction.atomic(), domain_errors():
        if callable(record_type.create):
            check_taken(record_type.create, record_type, values)
            record = call(record_type.create, record_type, None, values)
            assert isinstance(record, Model)
        else:
            record = record_type.model()
            fill(record, values)
            record.full_clean()
            record.save(force_insert=True)
        second_look(actor, "add", record)
    return record


def change_record(
    *,
    record_type: RecordType,
    record: Model,
    values: Mapping[str, Any],
    seen: Mapping[str, str] | None = None,
) -> Model:
    """Change fields of a record. `seen` holds the stamps of the fields as the person saw them.

    Raises NotAllowed, InvalidInput, and Conflict when somebody else changed one of the same fields meanwhile.
    """
    actor = current().actor
    require(actor, "change", record)
    if record_type.change is False:
        raise NotAllowed(_("Records of this type are not changed by hand."))
    check_texts(record_type, values)
    with transaction.atomic(), domain_errors():
        fresh = locked(record_type, record.pk)
        if seen is not None:
            refuse_conflict(fresh, values, seen)
        if callable(record_type.change):
            call(record_type.change, record_type, fresh, values)
        else:
            fill(fresh, values)
            fresh.full_clean()
            fresh.save()
        second_look(actor, "change", fresh)
    return fresh


def delete_record(*, record_type: RecordType, record: Model) -> None:
    """Delete a record for good; its before-image stays in the journal. Raises NotAllowed, Conflict."""
    actor = current().actor
    require(actor, "delete", record)
    if record_type.delete is False:
        raise NotAllowed(_("Records of this type are never deleted."))
    with transaction.atomic(), domain_errors():
        fresh = locked(record_type, record.pk)
        if callable(record_type.delete):
            call(record_type.delete, record_type, fresh, {})
        else:
            fresh.delete()


def perform_act(*, record_type: RecordType, act: Act, record: Model, values: Mapping[str, Any]) -> Any:
    """Do a declared act on one record. Raises NotAllowed and what its service raises."""
    actor = current().actor
    require(actor, act.action, record)
    if act.allowed is not None and not act.allowed(record, actor):
        raise Conflict(
            _("“%(act)s” is not possible in this state.") % {"act": act.words}, code="act_not_possible"
        )
    with transaction.atomic(), domain_errors():
        return call(act.service, record_type, record, values)


def bulk_change(
    *, record_type: RecordType, records: Sequence[Model], values: Mapping[str, Any]
) -> list[Model]:
    """The same change on many records, all or none."""
    with transaction.atomic():
        return [change_record(record_type=record_type, record=record, values=values) for record in records]


def locked(record_type: RecordType, key: Any) -> Model:
    """The record as it is now, held until the transaction ends. Raises Conflict when it is gone."""
    found: Model | None = (
        record_type.model._base_manager.select_for_update(of=("self",)).filter(pk=key).first()
    )
    if found is None:
        raise Conflict(_("This record has been deleted meanwhile."), code="gone")
    return found


def fill(record: Model, values: Mapping[str, Any]) -> None:
    """Set fields by name. Raises InvalidInput for a name that is no editable column."""
    for name, value in values.items():
        if not concrete_field(type(record), name).editable:
            raise InvalidInput(_("This field cannot be changed."), code="not_editable", field=name)
        setattr(record, name, value)


def refuse_conflict(fresh: Model, values: Mapping[str, Any], seen: Mapping[str, str]) -> None:
    """Raise Conflict when a field in `values` is no longer what the person saw and means to replace."""
    names = changed_by_others(fresh, values, seen)
    if names:
        labels = "、".join(str(concrete_field(type(fresh), name).verbose_name) for name in names)
        raise Conflict(
            _("Somebody else changed %(fields)s while you were editing.") % {"fields": labels},
            code="edited_meanwhile",
            field=names[0],
            remedy=_("Compare with the values now stored, then save again."),
        )


class domain_errors:  # noqa: N801 - reads as a statement: `with domain_errors():`
    """Turn what Django raises on a broken rule into errors a person can act on."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, ValidationError):
            raise _from_validation(error) from error
        if isinstance(error, ProtectedError | RestrictedError):
            users = error.protected_objects if isinstance(error, ProtectedError) else error.restricted_objects
            names = sorted({str(user._meta.verbose_name_plural) for user in users})
            raise Conflict(
                _("It is still used by: %(users)s.") % {"users": "、".join(names)},
                code="in_use",
                remedy=_("Change or retire those first."),
            ) from error


def _from_validation(error: ValidationError) -> DomainError:
    if not hasattr(error, "error_dict"):
        return InvalidInput(" ".join(error.messages))
    field, messages = next(iter(error.message_dict.items()))
    return InvalidInput(" ".join(messages), field=None if field == NON_FIELD_ERRORS else field)
