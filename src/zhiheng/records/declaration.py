"""What a domain writes about one model: a frozen `RecordType` and the small dataclasses inside it.

Nothing here reads the database or imports a model, so the package can be imported before Django is set up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.forms import BaseForm
from django.utils.text import camel_case_to_spaces

from zhiheng.records.columns import Column
from zhiheng.records.panels import Panel, SlotContents

if TYPE_CHECKING:
    from django.db.models import Model, Q

    from zhiheng.kernel.actor import Actor

Text = Any
"""A text or a lazily translated text."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter as declared: a field or path; or, with `where`, any condition over given values.

    `where(values, actor)` answers a condition that yields no row twice; `options()` lists (value, words).
    """

    name: str
    title: Any = ""
    where: Callable[[Sequence[str], Actor], Q] | None = None
    options: Callable[[], Sequence[tuple[str, Any]]] | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A titled group of fields in the form."""

    title: Text
    fields: Sequence[str]
    help: Text = ""


@dataclass(frozen=True, slots=True)
class View:
    """A tab over the list: the rows that `where(actor)` names, in `order`."""

    name: str
    title: Text
    where: Callable[[Actor], Q]
    order: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """A named business act on one record (and, with `bulk`, on many): a button, a form, an API address.

    `service` takes keywords only: the record under its model's name (or `record`), one per form field, and
    `actor` and `cause` when it asks for them. `allowed(record, actor)` hides the button while it is false;
    the service itself still refuses. `key` is the key on the keyboard; `lead` marks the main button. `opens` is the
    page (`detail`, `edit`) of the record that the act makes, where the person goes on; empty: they stay with this one.
    """

    name: str
    service: Callable[..., object]
    title: Text = ""
    form: type[BaseForm] | None = None
    key: str = ""
    bulk: bool = False
    permission: str = ""
    allowed: Callable[[Any, Actor], bool] | None = None
    lead: bool = False
    confirm: Text = ""
    opens: str = ""

    @property
    def action(self) -> str:
        """The action a role must grant."""
        return self.permission or self.name

    @property
    def words(self) -> Text:
        """What stands on the button."""
        return self.title or self.name.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Fixed:
    """Records that stay as they are from some point on.

    `why(record)` says so and what to do instead, and is empty while it can be changed; `act` is the name of the act
    that does that. The service still refuses.
    """

    why: Callable[[Any], Text]
    act: str = ""


@dataclass(frozen=True, slots=True)
class Menu:
    """Where the record stands in the navigation: the section of the loop, its words and its place.

    Sections are `work serve run measure improve organise settings`; `create` offers it under "create" (`c`) too.
    """

    section: str
    title: Text = ""
    order: int = 100
    icon: str = ""
    create: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """The detail page: panels in the middle and panels at the right."""

    main: Sequence[Panel] = ()
    side: Sequence[Panel] = ()


@dataclass(frozen=True, slots=True)
class RelatedText:
    """Texts of another model by which a record is found: `RelatedText(Message, "ticket", "body")`.

    `link` is the foreign key to the record. What meets `private` goes into the document of few readers.
    """

    model: type[Model]
    link: str
    field: str
    private: Q | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class RecordType:
    """One model, declared. Everything left out is derived; `zhiheng show-record LABEL` prints the result.

    - `scope`: which rows a grant may reach (`platform.grants.scopes`); `confidential`: a boolean field that
      shuts out the persons concerned; `kind_field`: the field whose value is part of the permission.
    - `columns`, `views`, `filters`, `order` make the list. `search` maps fields to weights; fields of
      `search_private` go into a document of their own that only readers of private texts find;
      `search_related` adds texts of other models.
    - `form` (default: one section of every editable field), `create_fields` where adding asks for fewer.
    - `detail` or, shorter, `panels` (a plain page: panels in the middle).
    - `create`, `change`, `delete`: services of the domain in place of the generic ones. `False`: not offered.
    - `fixed`: which records can be read in the form but not changed, and what to do instead.
    - `import_key`: fields that identify a row when a file is loaded; empty: no import.
    - `redact`: fields that never leave by API or export. `small`: a look-up of at most some thousand rows,
      so filters need no index. `texts`: JSON fields that hold one text per language.
    - `labels`: what a field is called on pages where the model's words would not do (files keep the model's).
      `words`: how values read that need the whole record, `words(records) -> {pk: text}`.
      `vocabularies`: fields that hold a key which a higher package names (`records.vocabularies`).
    """

    model: type[Model]
    scope: Any = ()
    confidential: str | None = None
    kind_field: str | None = None
    columns: Sequence[str | Column] = ()
    filters: Sequence[str | Filter] = ()
    views: Sequence[View] = ()
    order: str = ""
    search: Mapping[str, int] = field(default_factory=dict)
    search_private: Sequence[str] = ()
    search_related: Sequence[RelatedText] = ()
    form: Sequence[Section] = ()
    create_fields: Sequence[str] = ()
    form_class: type[BaseForm] | None = None
    panels: Sequence[Panel] = ()
    detail: Layout | None = None
    acts: Sequence[Act] = ()
    create: Callable[..., Any] | bool = True
    change: Callable[..., Any] | bool = True
    delete: Callable[..., Any] | bool = True
    fixed: Fixed | None = None
    import_key: Sequence[str] = ()
    redact: Sequence[str] = ()
    texts: Sequence[str] = ()
    labels: Mapping[str, Text] = field(default_factory=dict)
    words: Mapping[str, Callable[[Sequence[Any]], Mapping[Any, str]]] = field(default_factory=dict)
    vocabularies: Mapping[str, str] = field(default_factory=dict)
    menu: Menu | None = None
    icon: str = ""
    plural: str = ""
    small: bool = False
    api: bool = True
    about: Text = ""
    slots: dict[str, SlotContents] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """`desk.ticket`: the key in the registry and the head of every permission."""
        return self.model._meta.label_lower

    @property
    def app(self) -> str:
        return self.model._meta.app_label

    @property
    def name(self) -> str:
        """`ticket`: the keyword under which services receive the record."""
        return self.model._meta.model_name or ""

    @property
    def plural_slug(self) -> str:
        """The last word of the address: `tickets`, `item-classes`."""
        return self.plural or plural_of(self.model.__name__)

    @property
    def title(self) -> Text:
        return self.model._meta.verbose_name

    @property
    def title_plural(self) -> Text:
        return self.model._meta.verbose_name_plural

    def permission(self, action: str) -> str:
        """The permission as roles grant it."""
        return f"{self.label}:{action}"

    @property
    def has_private_texts(self) -> bool:
        """Whether some texts are found by few readers only."""
        return bool(self.search_private) or any(text.private is not None for text in self.search_related)

    def slot(self, name: str) -> SlotContents:
        """The place of that name, to which a higher package adds a panel."""
        return self.slots.setdefault(name, SlotContents())

    def act(self, name: str) -> Act | None:
        """The act of that name."""
        return next((act for act in self.acts if act.name == name), None)

    def why_fixed(self, record: Any) -> Text:
        """Why this record cannot be changed any more; empty while it can."""
        return self.fixed.why(record) if self.fixed else ""

    @property
    def layout(self) -> Layout:
        """The detail page, `panels` taken as its middle."""
        return self.detail or Layout(main=self.panels)


def plural_of(class_name: str) -> str:
    """`ItemClass` → `item-classes`: English plurals are regular enough for addresses."""
    word = camel_case_to_spaces(class_name).replace(" ", "-")
    if re.search(r"(s|x|z|ch|sh)$", word):
        return word + "es"
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + "s"
