"""The request form of the portal: what is it about, in the requester's words."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from zhiheng.catalog.models import Service
from zhiheng.desk.choices import Level
from zhiheng.platform.files.store import max_bytes
from zhiheng.processes.models import Kind
from zhiheng.ui.formatting import file_size
from zhiheng.ui.inputs import FilesInput

MOST_FILES = 5
URGENCIES = (
    (Level.HIGH.value, _("I cannot work")),
    (Level.MEDIUM.value, _("I can work, but with difficulty")),
    (Level.LOW.value, _("It can wait")),
)


class FilesField(forms.FileField):
    """Up to five files, each within the size that is let in."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """The uploads as a list."""
        given = data if isinstance(data, (list, tuple)) else [data]
        files = [super(FilesField, self).clean(each, initial) for each in given if each]
        if len(files) > MOST_FILES:
            raise forms.ValidationError(
                _("At most %(most)s files at a time; you chose %(count)s.")
                % {"most": MOST_FILES, "count": len(files)}
            )
        for each in files:
            if each.size is not None and each.size > max_bytes():
                raise forms.ValidationError(
                    _("%(name)s is %(size)s; a file may have at most %(most)s.")
                    % {"name": each.name, "size": file_size(each.size), "most": file_size(max_bytes())}
                )
        return files


def plain_kind(kind: Kind) -> str:
    """A kind in words of whoever has the trouble."""
    plain = {"incident": _("Something does not work"), "request": _("I need something")}
    return str(plain.get(kind.slug, kind))


class RequestForm(forms.Form):
    """What a requester tells. With an offering its kind and service are known and not asked for."""

    kind = forms.ChoiceField(label=_("What is it about?"), widget=forms.RadioSelect)
    service = forms.ChoiceField(label=_("Which service?"), required=False)
    title = forms.CharField(label=_("In one line"), max_length=240)
    body = forms.CharField(
        label=_("Tell us more"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("What do you see, since when, what have you tried? Copy messages word for word."),
    )
    urgency = forms.TypedChoiceField(
        label=_("How urgent is it?"),
        choices=URGENCIES,
        coerce=int,
        initial=Level.MEDIUM.value,
        widget=forms.RadioSelect,
    )
    uploads = FilesField(
        label=_("Screenshots or files"), required=False,
        help_text=_("Pictures, documents, logs; up to 5 files."),
    )  # fmt: skip

    def __init__(
        self, *args: Any, kinds: list[Kind], services: list[Service], asks_what: bool = True, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = {kind.slug: kind for kind in kinds}
        self.services = {service.slug: service for service in services}
        if asks_what:
            self._choices("kind", [(kind.slug, plain_kind(kind)) for kind in kinds])
            self._choices(
                "service", [("", _("I do not know")), *((each.slug, str(each)) for each in services)]
            )
        else:
            del self.fields["kind"], self.fields["service"]

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    @property
    def kind_chosen(self) -> Kind | None:
        """The kind, where it was asked for."""
        return self.kinds.get(self.cleaned_data.get("kind", ""))

    @property
    def service_chosen(self) -> Service | None:
        """The service, where it was asked for and is known."""
        return self.services.get(self.cleaned_data.get("service", ""))


class ReplyForm(forms.Form):
    """An answer on a ticket: words, files, or both."""

    body = forms.CharField(label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 4}), required=False)
    uploads = FilesField(label=_("Files"), required=False)

    def clean(self) -> dict[str, Any]:
        """Nothing at all is no answer."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("body") and not cleaned.get("uploads"):
            self.add_error("body", _("Write something first, or choose a file."))
        return cleaned


class SendBackForm(forms.Form):
    """Why a solution is not accepted."""

    reason = forms.CharField(
        label=_("What is still wrong?"), widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
