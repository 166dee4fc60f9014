"""The REST resource of one record type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from zhiheng.kernel.actor import Actor, Cause, acting, current
from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.grants import require, visible_to
from zhiheng.records.api.serializers import serializer_for
from zhiheng.records.declaration import RecordType
from zhiheng.records.fields import editable_fields
from zhiheng.records.forms.acts import act_form
from zhiheng.records.listing.request import read_request
from zhiheng.records.listing.rows import count_beside, fetch_page
from zhiheng.records.services import change_record, create_record, delete_record, perform_act
from zhiheng.records.stamps import stamp, stamps

MOST_AT_ONCE = 500


class PreconditionFailed(exceptions.APIException):
    """If-Match names a version of the record that is no longer the stored one."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "edited_meanwhile"
    default_detail = _("The record was changed since it was read.")


class RecordViewSet(ViewSet):
    """List, read, add, change, delete, bulk and acts."""

    record_type = cast(RecordType, None)  # set by `as_view`

    @property
    def actor(self) -> Actor:
        """Who calls."""
        return current().actor

    def list(self, request: Request) -> Response:
        """A page of the records the caller may see."""
        require(self.actor, "view", self.record_type.model)
        asked = read_request(self.record_type, dict(request.query_params.lists()), self.actor)
        if asked.problems:
            raise asked.problems[0]
        page = fetch_page(asked, self.actor, whole=True)
        count = count_beside(page, asked, self.actor)
        return Response(
            {
                "count": count.value,
                "count_capped": count.capped,
                "next": self._address(request, after=page.older),
                "previous": self._address(request, before=page.newer),
                "results": serializer_for(self.record_type)(page.rows, many=True).data,
            }
        )

    def retrieve(self, _request: Request, pk: int) -> Response:
        """One record, with its version in the header ETag."""
        return self._answer(self._record(pk))

    def create(self, request: Request) -> Response:
        """Add a record."""
        record = create_record(record_type=self.record_type, values=self._values(request.data))
        return self._answer(record, status.HTTP_201_CREATED)

    def partial_update(self, request: Request, pk: int) -> Response:
        """Change fields of a record; with If-Match only if nobody changed it meanwhile."""
        record = self._record(pk)
        wanted = request.headers.get("If-Match")
        if wanted and wanted != etag(self.record_type, record):
            raise PreconditionFailed
        values = self._values(request.data, partial=True)
        changed = change_record(record_type=self.record_type, record=record, values=values)
        return self._answer(changed)

    def destroy(self, _request: Request, pk: int) -> Response:
        """Delete a record."""
        delete_record(record_type=self.record_type, record=self._record(pk))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def bulk(self, request: Request) -> Response:
        """Add, change and delete many: all of it, or nothing."""
        body = _mapping(request.data)
        added, changes, gone = (_listed(body, name) for name in ("add", "change", "delete"))
        if len(added) + len(changes) + len(gone) > MOST_AT_ONCE:
            raise InvalidInput(
                _("At most %(most)s records at once.") % {"most": MOST_AT_ONCE}, code="too_many"
            )
        with transaction.atomic(), acting(self.actor, Cause.API):
            ids = [
                create_record(record_type=self.record_type, values=self._values(item)).pk for item in added
            ]
            for item in changes:
                values = self._values(
                    {name: value for name, value in item.items() if name != "id"}, partial=True
                )
                record = self._record(item.get("id"))
                change_record(record_type=self.record_type, record=record, values=values)
            for key in gone:
                delete_record(record_type=self.record_type, record=self._record(key))
        return Response({"added": ids, "changed": len(changes), "deleted": len(gone)})

    def act(self, request: Request, pk: int, name: str) -> Response:
        """Do a declared act."""
        declared = self.record_type.act(name)
        if declared is None:
            raise Http404
        record = self._record(pk)
        require(self.actor, declared.action, record)
        form = act_form(declared, record, self.actor, _form_data(request.data))
        if not form.is_valid():
            raise exceptions.ValidationError(
                {field: [str(message) for message in messages] for field, messages in form.errors.items()}
            )
        perform_act(record_type=self.record_type, act=declared, record=record, values=form.cleaned_data)
        kept = visible_to(self.actor, "view", self.record_type.model._default_manager.filter(pk=pk)).first()
        return Response(status=status.HTTP_204_NO_CONTENT) if kept is None else self._answer(kept)

    def _record(self, pk: Any) -> Any:
        rows = visible_to(self.actor, "view", self.record_type.model._default_manager.all())
        found = rows.filter(pk=pk).first() if isinstance(pk, int) else None
        if found is None:
            raise Http404
        return found

    def _values(self, data: Any, *, partial: bool = False) -> dict[str, Any]:
        body = _mapping(data)
        known = {info.path for info in editable_fields(self.record_type)} - set(self.record_type.redact)
        for name in body:
            if name not in known:
                raise InvalidInput(
                    _("There is no field “%(name)s” that can be written.") % {"name": name},
                    code="field_unknown",
                    field=name,
                )
        needed_by_service = callable(self.record_type.create)
        serializer = serializer_for(self.record_type)(data=body, partial=partial or needed_by_service)
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)

    def _answer(self, record: Any, code: int = status.HTTP_200_OK) -> Response:
        data = serializer_for(self.record_type)(record).data
        return Response(data, status=code, headers={"ETag": etag(self.record_type, record)})

    def _address(self, request: Request, **place: str) -> str | None:
        (name, cursor), *_rest = place.items()
        if not cursor:
            return None
        parameters = request.query_params.copy()
        for other in ("after", "before"):
            parameters.pop(other, None)
        parameters[name] = cursor
        return request.build_absolute_uri(f"{request.path}?{parameters.urlencode()}")


def etag(record_type: RecordType, record: Any) -> str:
    """The version of a record: a digest over its editable columns."""
    return f'"{stamp(stamps(record, [info.path for info in editable_fields(record_type)]))}"'


def _mapping(data: Any) -> Mapping[str, Any]:
    if not isinstance(data, Mapping):
        raise InvalidInput(_("The body must be a JSON object."), code="body")
    return data


def _listed(body: Mapping[str, Any], name: str) -> list[Any]:
    found = body.get(name, [])
    if not isinstance(found, list):
        raise InvalidInput(_("This must be a list."), code="body", field=name)
    return found


def _form_data(data: Any) -> dict[str, Any]:
    """JSON values as a form reads them."""
    return {name: value for name, value in _mapping(data).items() if value is not None}
