"""A look-up, a rich record with every kind of field, and a line of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from zhiheng.platform.journal import JournaledModel


class Stage(models.TextChoices):
    """Where an order stands."""

    NEW = "new", _("new")
    PAID = "paid", _("paid")
    SENT = "sent", _("sent")


class Category(JournaledModel):
    """A plain look-up."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.JSONField()
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    retired = models.BooleanField(default=False)

    class Meta:
        app_label = "shop"
        verbose_name_plural = "categories"
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Order(JournaledModel):
    """A record with an owner, a state, a due time and every other kind of field."""

    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    secret = models.CharField(max_length=50, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.NEW, db_index=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="orders")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    pieces = models.IntegerField(default=1, db_index=True)
    weight = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    urgent = models.BooleanField(default=False)
    confidential = models.BooleanField(default=False)
    ordered_on = models.DateField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True, db_index=True)
    placed_at = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "shop"
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=models.Q(pieces__gte=1), name="shop_order_pieces"),)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"


class Line(JournaledModel):
    """A line of an order."""

    purchase = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    text = models.CharField(max_length=100)

    class Meta:
        app_label = "shop"

    def __str__(self) -> str:
        return self.text
