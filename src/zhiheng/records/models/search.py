"""Documents of the search. Derived from records in their own transaction, so they are not journaled."""

from __future__ import annotations

from django.db import models


class SearchDocument(models.Model):
    """The tokens of one record's texts that the same readers may see. The index over it is made per engine."""

    record_type = models.CharField(max_length=100)
    record_id = models.BigIntegerField()
    private = models.BooleanField(default=False)
    head = models.TextField(blank=True)
    body = models.TextField(blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("record_type", "record_id", "private"), name="records_searchdocument_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.record_type} {self.record_id}"
