"""Tables of the journal: entries, seals over them, handler cursors, parked entries and long texts."""

from __future__ import annotations

from typing import Any, NoReturn

from django.db import models
from django.utils.translation import gettext_lazy as _


class AppendOnly(TypeError):  # noqa: N818 - read as a statement
    """An entry is never changed or deleted through the ORM; erasure and archiving have their own services."""


class EntryQuerySet(models.QuerySet["Entry"]):
    """Reads only."""

    def _refuse(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnly(
            "the journal is append-only: write through act(), JournaledModel or append_history()"
        )

    create = update = delete = bulk_create = bulk_update = get_or_create = update_or_create = _refuse


class Entry(models.Model):
    """One entry of the journal.

    Audit trail, timeline, event log and outbox at once. Ids ascend in commit order.
    """

    occurred_at = models.DateTimeField(_("occurred at"))
    recorded_at = models.DateTimeField(_("recorded at"))
    actor_kind = models.CharField(_("actor kind"), max_length=12)
    actor_id = models.BigIntegerField(_("actor"), null=True)
    cause = models.CharField(_("cause"), max_length=12)
    act = models.CharField(_("act"), max_length=100)
    act_version = models.PositiveSmallIntegerField(_("version of the act"))
    record_type = models.CharField(_("record type"), max_length=80)
    record_id = models.BigIntegerField(_("record"), null=True)
    partition = models.PositiveSmallIntegerField(_("partition"))
    correlation = models.UUIDField(_("correlation"))
    changes = models.JSONField(_("changes"))
    data = models.JSONField(_("data"))
    # Seeds the commitments to each value; what remains of it after an erasure is in `salts` (see
    # journal.digests).
    salt = models.BinaryField(max_length=16)
    salts = models.JSONField(null=True)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("journal entry")
        verbose_name_plural = _("journal entries")
        indexes = [
            models.Index(fields=["record_type", "record_id", "id"], name="entry_record"),
            models.Index(fields=["actor_kind", "actor_id", "id"], name="entry_actor"),
            models.Index(fields=["correlation"], name="entry_correlation"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.act} {self.record_type}:{self.record_id}"

    def save(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnly("the journal is append-only")

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        raise AppendOnly("the journal is append-only")


class Seal(models.Model):
    """A digest over a batch of entries, chained to the seal before it."""

    first_entry = models.BigIntegerField(_("first entry"))
    last_entry = models.BigIntegerField(_("last entry"), unique=True)
    entries = models.PositiveIntegerField(_("entries"))
    # 8 bytes of id and 32 of digest per entry: lets verify name the entry, not only the batch.
    leaves = models.BinaryField()
    previous = models.CharField(max_length=64)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    sealed_at = models.DateTimeField(_("sealed at"))

    class Meta:
        verbose_name = _("seal")
        verbose_name_plural = _("seals")

    def __str__(self) -> str:
        return f"{self.first_entry}-{self.last_entry} {self.digest[:12]}"


class HandlerCursor(models.Model):
    """How far a handler has come in one partition, and which worker leases it."""

    handler = models.CharField(_("handler"), max_length=100)
    partition = models.PositiveSmallIntegerField(_("partition"))
    position = models.BigIntegerField(_("last entry handled"))
    owner = models.UUIDField(_("worker"), null=True, db_index=True)

    class Meta:
        verbose_name = _("handler cursor")
        verbose_name_plural = _("handler cursors")
        constraints = [models.UniqueConstraint(fields=["handler", "partition"], name="cursor_once")]

    def __str__(self) -> str:
        return f"{self.handler}/{self.partition} at {self.position}"


class ParkedState(models.TextChoices):
    """Why an entry waits beside the cursor."""

    RETRY = "retry", _("will be tried again")
    BEHIND = "behind", _("waits behind an earlier entry of its record")
    DEAD = "dead", _("given up: dead letter")


class Parked(models.Model):
    """An entry that a handler could not handle, or one of the same record behind it.

    State `dead` is a dead letter.
    """

    handler = models.CharField(_("handler"), max_length=100)
    partition = models.PositiveSmallIntegerField(_("partition"))
    entry_id = models.BigIntegerField(_("entry"))
    record_type = models.CharField(_("record type"), max_length=80)
    record_id = models.BigIntegerField(_("record"), null=True)
    state = models.CharField(_("state"), max_length=8, choices=ParkedState)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    error = models.TextField(_("error"), blank=True)
    next_at = models.DateTimeField(_("next attempt at"), null=True)
    parked_at = models.DateTimeField(_("parked at"))

    class Meta:
        verbose_name = _("parked entry")
        verbose_name_plural = _("parked entries")
        constraints = [models.UniqueConstraint(fields=["handler", "entry_id"], name="parked_once")]
        indexes = [
            models.Index(
                fields=["handler", "partition", "entry_id"],
                condition=~models.Q(state="dead"),
                name="parked_live",
            )
        ]

    def __str__(self) -> str:
        return f"{self.handler} {self.entry_id} {self.state}"


class Revision(models.Model):
    """A text over 4 kB that an entry refers to by id. Its digest is in the entry; its text can be erased."""

    text = models.TextField(_("text"), null=True)  # null: erased
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("text revision")
        verbose_name_plural = _("text revisions")

    def __str__(self) -> str:
        return f"revision {self.pk}"


class ArchiveFile(models.Model):
    """A file that holds the entries of whole seals, which the table then no longer does (see journal.archive)."""

    first_entry = models.BigIntegerField(_("first entry"))
    last_entry = models.BigIntegerField(_("last entry"), unique=True)
    entries = models.PositiveIntegerField(_("entries"))
    recorded_from = models.DateTimeField(_("recorded from"))
    recorded_to = models.DateTimeField(_("recorded to"))
    name = models.CharField(_("file name"), max_length=100, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField(_("bytes"))
    # [offset, length] of each block: a reader fetches one block, not the file.
    blocks = models.JSONField()
    # The acts, causes and record types inside: a search passes by files that cannot answer it.
    contents = models.JSONField()
    # False while it is being made or taken back: then the table answers alone.
    live = models.BooleanField(_("in use"), default=False)
    archived_at = models.DateTimeField(_("archived at"))

    class Meta:
        verbose_name = _("archive file")
        verbose_name_plural = _("archive files")

    def __str__(self) -> str:
        return self.name


class ArchiveKey(models.Model):
    """Where the entries of a record or of an operation lie: a digest of its name, a file and a block in it."""

    key = models.BigIntegerField()
    # Rows by the million, one for each record and operation: no index and no check beyond the one that readers use.
    file = models.ForeignKey(
        ArchiveFile, models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    block = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = _("place in the archive")
        verbose_name_plural = _("places in the archive")
        indexes = [models.Index(fields=["key"], name="archive_key")]

    def __str__(self) -> str:
        return f"{self.key} in {self.file_id}/{self.block}"
