"""Putting tags on records. The caller has checked that the actor may change the record."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext_lazy as _

from zhiheng.kernel.errors import InvalidInput
from zhiheng.platform.models import Tag, TagLink
from zhiheng.platform.tags.queries import tags_of

LONGEST = 50


def set_tags(*, record: Model, names: Iterable[str]) -> list[Tag]:
    """Give the record exactly these tags; new words become tags. Raises InvalidInput for a bad word."""
    wanted = {_clean(name) for name in names}
    with transaction.atomic():
        present = {tag.name for tag in tags_of(record)}
        for name in sorted(present - wanted):
            remove_tag(record=record, name=name)
        for name in sorted(wanted - present):
            add_tag(record=record, name=name)
    return tags_of(record)


def add_tag(*, record: Model, name: str) -> Tag:
    """Put one tag on the record, if it is not there yet."""
    with transaction.atomic():
        tag, _created = Tag.objects.get_or_create(name=_clean(name))
        place = {"tag": tag, "record_type": record._meta.label_lower, "record_id": record.pk}
        if not TagLink.objects.filter(**place).exists():
            TagLink.objects.create(**place)
    return tag


def remove_tag(*, record: Model, name: str) -> None:
    """Take a tag off the record."""
    links = TagLink.objects.filter(record_type=record._meta.label_lower, record_id=record.pk, tag__name=name)
    links.delete()


def _clean(name: str) -> str:
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST or "," in clean:
        raise InvalidInput(
            _("A tag has 1 to %(most)s characters and no comma.") % {"most": LONGEST},
            code="bad_tag",
            field="tags",
        )
    return clean
