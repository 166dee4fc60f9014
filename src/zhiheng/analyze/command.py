"""`zhiheng analyze`: from exports of any service desk to a service quality report. Reads arguments and files only."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from zhiheng.analyze.arguments import HelpFormatter, argparse_speaks
from zhiheng.analyze.calendar import CalendarError, load_calendar
from zhiheng.analyze.facts import CaseFacts, build
from zhiheng.analyze.log import EventLog
from zhiheng.analyze.mappings import load
from zhiheng.analyze.mappings.model import ROLES
from zhiheng.analyze.memory import take_memory_sparingly
from zhiheng.analyze.progress import ProgressLine
from zhiheng.analyze.quality import ReadError
from zhiheng.analyze.readers import read
from zhiheng.analyze.report.process import ROLES_OF, Question, process_report, roles_for
from zhiheng.analyze.terminal import summary
from zhiheng.analyze.texts import Texts
from zhiheng.analyze.wording import LANGUAGES, preferred_language
from zhiheng.definitions.errors import DefinitionError
from zhiheng.definitions.targets import TargetError
from zhiheng.measure.errors import MeasureError

if TYPE_CHECKING:
    from zhiheng.analyze.judgement import Catalogue

STANDARD_OUTPUT = "-"


class WrongCallError(Exception):
    """A question that cannot be answered as it was put; `code` names the text."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


def main(argv: Sequence[str]) -> int:
    """Run the command: 0, or 2 with a message on a call or a file that does not work."""
    take_memory_sparingly()
    language = _language(argv)
    texts = Texts(language)
    with argparse_speaks(language):
        arguments = _parser(texts).parse_args(list(argv))
    try:
        _analyze(arguments, texts)
    except ReadError as error:
        return _fail(texts, error.text(language))
    except TargetError as error:
        return _fail(texts, error.text(language))
    except (CalendarError, WrongCallError) as error:
        return _fail(texts, texts(error.code, **error.params))
    except (DefinitionError, MeasureError) as error:
        return _fail(texts, str(error))
    except OSError as error:
        return _fail(
            texts, texts("error_file", name=error.filename or "", reason=error.strerror or str(error))
        )
    except MemoryError:
        return _fail(texts, texts("error_memory"))
    except KeyboardInterrupt:
        return _fail(texts, texts("error_interrupted"))
    return 0


def _analyze(arguments: argparse.Namespace, texts: Texts) -> None:
    zone = _zone(arguments.timezone)
    mapping = load(arguments.mapping) if arguments.mapping else None
    figures = _figures(arguments)
    # A wrong target is told before a long read. Some figures alone need neither definitions nor DuckDB.
    catalogue: Catalogue | None = None
    if figures is None:
        catalogue = import_module("zhiheng.analyze.judgement").load_catalogue(arguments.targets)
    roles = ROLES if figures is None else roles_for(figures)
    with ProgressLine(sys.stderr, texts("reading")) as progress:
        log = read(arguments.files, mapping, zone, progress, roles)
    zone = zone or log.mapping.zone or "UTC"
    _tell_mapping(log, arguments, texts)
    facts, question = _facts(log, arguments, zone, catalogue)
    if catalogue is None:
        report = process_report(facts, question, figures or ())
    else:
        report = catalogue.report(facts, question)
    _write(report, arguments, texts)


def _figures(arguments: argparse.Namespace) -> tuple[str, ...] | None:
    """The figures asked for alone; None for the whole report."""
    if arguments.figures is None:
        return None
    names = tuple(name.strip() for name in arguments.figures.split(","))
    unknown = [name for name in names if name not in ROLES_OF]
    if unknown:
        raise WrongCallError("error_figures", name=unknown[0], known=", ".join(ROLES_OF))
    if not arguments.json or arguments.html or arguments.targets:
        raise WrongCallError("error_figures_json")
    return names


def _facts(
    log: EventLog, arguments: argparse.Namespace, zone: str, catalogue: Catalogue | None
) -> tuple[CaseFacts, Question]:
    first = _day(arguments.from_, zone, "--from")
    last = _day(arguments.to, zone, "--to")
    years = range(datetime.fromtimestamp(log.first_s, ZoneInfo(zone)).year, datetime.now(tz=UTC).year + 2)
    name = arguments.calendar or "24x7"
    facts = build(
        log, calendar=load_calendar(name, zone=zone, years=years), cut_s=last, tables=catalogue is not None
    )
    received = facts.seconds("received_s")
    assert received is not None
    from_s = int(received.min()) if first is None else first
    # The last event itself is known at a cut that no one chose.
    to_s = facts.cut_s + 1 if last is None else last
    if from_s >= to_s:
        raise WrongCallError("error_window", start=_shown(from_s, zone), end=_shown(to_s, zone))
    if not ((received >= from_s) & (received < to_s)).any():
        raise WrongCallError("error_empty_window", start=_shown(from_s, zone), end=_shown(to_s, zone))
    question = Question(
        from_s=from_s,
        to_s=to_s,
        zone=zone,
        calendar=name if name in ("24x7", "5x8", "cn") else Path(name).name,
        targets={} if catalogue is None else catalogue.targets,
        trends=bool(arguments.html or arguments.json),
    )
    return facts, question


def _write(report: dict[str, Any], arguments: argparse.Namespace, texts: Texts) -> None:
    if arguments.json:
        encoded = json.dumps(report, ensure_ascii=False, allow_nan=False, indent=1)
        if arguments.json == STANDARD_OUTPUT:
            sys.stdout.write(encoded + "\n")
        else:
            Path(arguments.json).write_text(encoded + "\n", encoding="utf-8")
    if arguments.html:
        render_html: Callable[..., str] = import_module("zhiheng.analyze.html").render_html
        Path(arguments.html).write_text(render_html(report, texts), encoding="utf-8")
    if arguments.json != STANDARD_OUTPUT:
        if arguments.figures is None:
            sys.stdout.write(summary(report, texts, colour=sys.stdout.isatty()))
        for path in (arguments.html, arguments.json):
            if path:
                sys.stdout.write(texts("written", path=path) + "\n")


def _tell_mapping(log: EventLog, arguments: argparse.Namespace, texts: Texts) -> None:
    """Show a mapping that was guessed, so that a person can correct it."""
    if arguments.save_mapping:
        Path(arguments.save_mapping).write_text(log.mapping.to_toml(), encoding="utf-8")
        sys.stderr.write(texts("mapping_saved", path=arguments.save_mapping) + "\n")
    elif not arguments.mapping and any(note.code == "mapping_guessed" for note in log.quality):
        sys.stderr.write(texts("mapping_guessed") + "\n")
        for role, column in log.mapping.columns.items():
            sys.stderr.write(f"  {role:<18} {column}\n")
        sys.stderr.write(texts("mapping_advice") + "\n")


def _parser(texts: Texts) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zhiheng analyze",
        description=texts("about"),
        formatter_class=HelpFormatter,
        allow_abbrev=False,
    )
    add: Callable[..., Any] = parser.add_argument
    add("files", nargs="+", metavar="FILE", help=texts("help_files"))
    add("--mapping", metavar="NAME|FILE", help=texts("help_mapping"))
    add("--save-mapping", metavar="FILE", help=texts("help_save_mapping"))
    add("--calendar", metavar="NAME|FILE", help=texts("help_calendar"))
    add("--timezone", metavar="TZ", help=texts("help_timezone"))
    add("--targets", metavar="FILE", help=texts("help_targets"))
    add("--from", dest="from_", metavar="D", help=texts("help_from"))
    add("--to", metavar="D", help=texts("help_to"))
    add("--html", metavar="OUT", help=texts("help_html"))
    add("--json", metavar="OUT", help=texts("help_json"))
    add("--figures", metavar="NAME,…", help=texts("help_figures", known=", ".join(ROLES_OF)))
    add("--lang", choices=LANGUAGES, help=texts("help_lang"))
    return parser


def _language(argv: Sequence[str]) -> str:
    """The language asked for, before the arguments are parsed: their own errors are in it too."""
    for place, argument in enumerate(argv):
        wanted = argument.partition("=")[2] if argument.startswith("--lang=") else ""
        if argument == "--lang" and place + 1 < len(argv):
            wanted = argv[place + 1]
        if wanted in LANGUAGES:
            return wanted
    return preferred_language()


def _zone(name: str | None) -> str | None:
    if name is None:
        return None
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongCallError("error_timezone", name=name) from error
    return name


def _day(text: str | None, zone: str, option: str) -> int | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise WrongCallError("error_date", option=option, text=text) from error
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=ZoneInfo(zone))
    return int(moment.timestamp())


def _shown(second: int, zone: str) -> str:
    return datetime.fromtimestamp(second, ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")


def _fail(texts: Texts, message: str) -> int:
    sys.stderr.write(f"{texts('error')}: {message}\n")
    return 2
