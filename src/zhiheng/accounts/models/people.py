"""People: everyone who asks, works, signs or reads. Also the account they sign in with."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from zhiheng.accounts.choices import Language, Theme
from zhiheng.accounts.models.organisations import Organisation
from zhiheng.platform.journal import JournaledManager, JournaledModel


class PersonManager(JournaledManager["Person"], BaseUserManager["Person"]):
    """Finds a person by what they type at sign-in."""

    def create_user(
        self, username: str, email: str = "", password: str | None = None, **fields: Any
    ) -> Person:
        """Save a new person; without a password they cannot sign in until one is set."""
        person = self.model(username=username, email=self.normalize_email(email), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser, JournaledModel):
    """A person. What they may do is held in roles and grants, never in flags here."""

    username = models.CharField(
        _("sign-in name"), max_length=150, unique=True, validators=[UnicodeUsernameValidator()]
    )
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    job_title = models.CharField(_("job title"), max_length=100, blank=True)
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organisation"),
    )
    superior = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reports", verbose_name=_("superior")
    )
    language = models.CharField(
        _("language"), max_length=10, choices=Language, blank=True, help_text=_("Empty: as the browser asks.")
    )
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, help_text=_("Empty: the provider's time zone.")
    )
    theme = models.CharField(_("theme"), max_length=10, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(_("active"), default=True)
    external_ref = models.CharField(_("external reference"), max_length=100, blank=True)
    joined_at = models.DateTimeField(_("joined at"), null=True, blank=True)

    objects: ClassVar[PersonManager] = PersonManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    # That a password changed is journaled, never its hash; the sign-in itself is an act of its own.
    journal_masked = frozenset({"password"})
    journal_omit = frozenset({"last_login"})

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        base_manager_name = "objects"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="accounts_person_email",
                violation_error_message=_("Another person has this e-mail address."),
            ),
            models.UniqueConstraint(
                fields=["external_ref"], condition=~Q(external_ref=""), name="accounts_person_external_ref"
            ),
        ]
        indexes = [models.Index(fields=["name", "id"], name="accounts_person_name")]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """The name, as Django's mails ask for it."""
        return str(self)
