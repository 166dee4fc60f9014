"""The form of a process version: steps, states and moves as rows, each mistake at its row, JSON for experts."""

from __future__ import annotations

import json
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from zhiheng.kernel.text import localized
from zhiheng.processes.choices import StateCategory
from zhiheng.processes.models import Process
from zhiheng.processes.panels import drawn, needs_words_by_key
from zhiheng.processes.queries import newest_document
from zhiheng.processes.records.rows import Row, document_from, plain, rest_of, rows_of, was_sent
from zhiheng.processes.rules import Problem, problems_in, read_definition
from zhiheng.records.forms.build import RecordForm
from zhiheng.ui.components import ProcessMap

AS_TEXT = "as_text"
MOST_PROCESSES = 20


def problem_words(problem: Problem) -> str:
    """What is wrong, in a sentence that says what to do."""
    words = {
        "no_table": _("This must be a table of rows."),
        "empty": _("A process needs at least one state.")
        if problem.part == "states"
        else _("A process needs at least one move."),
        "no_start": _("Choose the state in which tickets start."),
        "no_key": _("Give it a key, such as in_progress."),
        "key_twice": _("The key “%(key)s” is used twice."),
        "no_name": _("Give it a Chinese name.") if problem.field == "zh" else _("Give it an English name."),
        "no_category": _("Choose what the state means."),
        "no_step": _("The step “%(key)s” does not exist."),
        "no_state": _("Choose the state it leads from.")
        if problem.field == "from"
        else _("Choose the state it leads to."),
        "move_twice": _("This move is given twice."),
        "no_need": _("It asks for “%(key)s”, which is not known."),
        "unreachable": _("No move leads from the start to this state."),
    }
    return words[problem.code] % problem.values


def place_words(problem: Problem, document: Any) -> str:
    """Which row it is, for a list of mistakes."""
    titles = {
        "steps": _("Step %(number)s"),
        "states": _("State %(number)s"),
        "transitions": _("Move %(number)s"),
    }
    if problem.row is None:
        return ""
    item = document[problem.part][problem.row]
    held = item.get("name")
    name = localized(dict(held)) if isinstance(held, dict) else ""
    place = titles[problem.part] % {"number": problem.row + 1}
    return f"{place} “{name}”" if name else place


class DefinitionWidget(forms.Widget):
    """Rows to edit; `text` holds JSON that was typed and could not be read."""

    template_name = "processes/inputs/definition.html"
    problems: tuple[Problem, ...] = ()
    starts: tuple[Process, ...] = ()

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:  # noqa: ARG002 - Django's signature
        if was_sent(data, name) and not data.get(f"{name}-{AS_TEXT}"):
            return document_from(data, name)
        return data.get(name)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ARG002 - as above
        return name not in data and not was_sent(data, name)

    def id_for_label(self, id_: str) -> str:  # noqa: ARG002 - a table of rows has no one input
        return ""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        document, typed = _as_document(value), value if isinstance(value, str) else None
        rows = rows_of(document, (get_language() or "zh").split("-")[0])
        for problem in self.problems:
            _mark(rows, problem)
        states = rows["states"]
        if not states:
            states.append(Row(0, on=True))
        context["widget"] |= {
            "rows": rows,
            "blank": Row(-1),
            "text": json.dumps(document, ensure_ascii=False, indent=2) if typed is None else typed,
            "as_text": typed is not None and bool(typed.strip()),
            "rest": rest_of(document),
            "categories": StateCategory.choices,
            "needs": list(needs_words_by_key().items()),
            "general": [problem_words(each) for each in self.problems if each.row is None],
            "starts": self.starts,
        }
        return context


def _as_document(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}


def _mark(rows: dict[str, list[Row]], problem: Problem) -> None:
    found = rows.get(problem.part, [])
    if problem.row is not None and problem.row < len(found):
        row = found[problem.row]
        words = problem_words(problem)
        row.errors += [words] if words not in row.errors else []
        row.wrong.add(problem.field)


class DefinitionField(forms.Field):
    """A definition that can be used, as a document."""

    widget = DefinitionWidget
    check_template = "processes/inputs/drawn.html"
    drawing: ProcessMap | None = None

    def to_python(self, value: Any) -> Any:
        """The document; text is read as JSON."""
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value.strip() else None
        except ValueError as error:
            raise ValidationError(_("This is no JSON: %(why)s.") % {"why": error}, code="no_json") from error

    def validate(self, value: Any) -> None:
        """Every mistake, each with its row."""
        super().validate(value)
        problems = problems_in(value)
        cast(DefinitionWidget, self.widget).problems = tuple(problems)
        if problems:
            head = _("The process definition cannot be used yet:")
            lines = [_line(problem, value) for problem in problems]
            raise ValidationError([ValidationError(head, code="bad_definition"), *dict.fromkeys(lines)])
        self.drawing = drawn(read_definition(value))

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Compared without what is empty, so that another way of writing the same is no change."""
        try:
            return bool(plain(self.to_python(data)) != plain(initial))
        except ValidationError:
            return True


def _line(problem: Problem, document: Any) -> str:
    place = place_words(problem, document)
    return (
        _("%(place)s: %(words)s") % {"place": place, "words": problem_words(problem)}
        if place
        else problem_words(problem)
    )


class VersionForm(RecordForm):
    """A new version starts from the newest one of its process."""

    wide = True
    document = DefinitionField(label=gettext_lazy("Definition"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk or self.is_bound or "document" not in self.fields:
            return
        chosen = str(self.initial.get("process") or "")
        if chosen.isdigit():
            self.initial["document"] = newest_document(process_id=int(chosen))
        widget, process = self.fields["document"].widget, self.fields.get("process")
        if not self.initial.get("document") and isinstance(process, forms.ModelChoiceField):
            rows = process.queryset
            cast(DefinitionWidget, widget).starts = tuple(rows[:MOST_PROCESSES]) if rows is not None else ()
