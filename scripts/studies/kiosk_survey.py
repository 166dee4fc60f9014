"""The kiosk survey: which of its 163 Korean headings is what, and its answers as arrays.

The blocks are told apart by the words that the headings of each share, the questions by their numbers; the columns
of the file are not in order. `samples/servqual_kiosk_items.csv` names the questions in English and Chinese.
"""

from __future__ import annotations

import csv
import gzip
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
SURVEY = SAMPLES / "servqual_kiosk_survey.csv.gz"
ITEMS = SAMPLES / "servqual_kiosk_items.csv"

Table = NDArray[np.float64]

QUESTIONS, FEATURES, OVERALL = 24, 29, 4

BLOCKS = (
    ("기대 설문", "expectation"),
    ("인지 설문", "perception"),
    ("느낌이 들겠습니까", "kano"),
    ("중요하다고 생각하십니까", "importance"),
    ("만족하십니까", "satisfaction"),
)
"""Words of a heading, and the block that they mark: "expectation survey", "perception survey", "how would you feel",
"do you think it is important", "are you satisfied"."""

KANO_ANSWERS = {
    "마음에 든다.": 1,  # I like it
    "당연하다.": 2,  # it goes without saying
    "아무런 느낌이 없다.": 3,  # I feel nothing about it
    "하는 수 없다.": 4,  # it cannot be helped
    "마음에 안 든다.": 5,  # I dislike it
}
NEVER_USED = "사용한 적 없음"
FREQUENCY = "얼마나 자주"
GENDER = "성별"
AGE = "나이대"
WOMAN = "여"
TWENTIES = "20대"

_NUMBERED = re.compile(r"^\s*(\d+)-([12])\.")
_OVERALL = re.compile(r"^([1-4])\. ")


@dataclass(frozen=True)
class Item:
    """What is asked about: a question of the survey (1 to 24, or none), the Kano feature that covers it, its names."""

    question: int | None
    feature: int
    dimension: str
    names: dict[str, str]


@dataclass(frozen=True)
class Survey:
    """The answers, respondents × questions or features in the order of their numbers; NaN where nothing was answered.

    Kano answers carry the codes 1 (like) to 5 (dislike), all others are points: 1 to 7, `overall` 1 to 5.
    """

    expectation: Table
    perception: Table
    importance: Table
    satisfaction: Table
    functional: Table
    dysfunctional: Table
    overall: Table
    items: tuple[Item, ...]
    never_used: int
    women: int
    in_their_twenties: int

    @property
    def n(self) -> int:
        """How many took part."""
        return len(self.overall)

    @property
    def answered(self) -> NDArray[np.bool_]:
        """Who answered: all but those who have never used a kiosk."""
        return np.logical_not(np.isnan(self.overall).any(axis=1))

    @property
    def questions(self) -> tuple[Item, ...]:
        """The 24 questions in the order of their numbers."""
        asked = [item for item in self.items if item.question is not None]
        return tuple(sorted(asked, key=lambda item: item.question or 0))

    def feature_names(self, language: str) -> tuple[str, ...]:
        """The names of the 29 Kano features; one that covers two questions has both names."""
        joint = {"en": " / ", "zh": "／"}[language]
        return tuple(
            joint.join(item.names[language] for item in self.items if item.feature == number)
            for number in range(1, FEATURES + 1)
        )


def read_survey(path: Path = SURVEY) -> Survey:
    """The survey as it is in `samples/`."""
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as lines:
        headings, *rows = csv.reader(lines)
    columns = place_columns(headings)
    profile = {
        name: [row[_sole(headings, words)] for row in rows]
        for name, words in (("frequency", FREQUENCY), ("gender", GENDER), ("age", AGE))
    }
    return Survey(
        **{name: _points(rows, columns[name]) for name in ("expectation", "perception", "importance")},
        **{name: _points(rows, columns[name]) for name in ("satisfaction", "overall")},
        **{name: _kano(rows, columns[name]) for name in ("functional", "dysfunctional")},
        items=read_items(),
        never_used=profile["frequency"].count(NEVER_USED),
        women=profile["gender"].count(WOMAN),
        in_their_twenties=profile["age"].count(TWENTIES),
    )


def read_items(path: Path = ITEMS) -> tuple[Item, ...]:
    """Names of questions and features in both languages, and the dimension in which the authors put each question."""
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(
            Item(
                question=int(row["question"]) if row["question"] else None,
                feature=int(row["feature"]),
                dimension=row["dimension"],
                names={"en": row["en"], "zh": row["zh"]},
            )
            for row in csv.DictReader(lines)
        )


def place_columns(headings: Sequence[str]) -> dict[str, list[int]]:
    """Per block the columns in the order of the questions' numbers; every number must be there once."""
    found: dict[str, dict[int, int]] = {}
    for column, heading in enumerate(headings):
        numbered, overall = _NUMBERED.match(heading), _OVERALL.match(heading)
        if numbered:
            block = next(name for words, name in BLOCKS if words in heading)
            if block == "kano":
                block = "functional" if numbered[2] == "1" else "dysfunctional"
            number = int(numbered[1])
        elif overall:
            block, number = "overall", int(overall[1])
        else:
            continue
        if number in found.setdefault(block, {}):
            raise ValueError(f"two columns for {block} {number}")
        found[block][number] = column
    sizes = {"functional": FEATURES, "dysfunctional": FEATURES, "overall": OVERALL}
    for block, numbers in found.items():
        if sorted(numbers) != list(range(1, sizes.get(block, QUESTIONS) + 1)):
            raise ValueError(f"not every question of {block} has a column")
    return {block: [numbers[number] for number in sorted(numbers)] for block, numbers in found.items()}


def _sole(headings: Sequence[str], words: str) -> int:
    (column,) = (i for i, heading in enumerate(headings) if words in heading)
    return column


def _points(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> Table:
    return np.array([[float(row[c]) if row[c] else np.nan for c in columns] for row in rows])


def _kano(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> Table:
    return np.array([[float(KANO_ANSWERS[row[c]]) if row[c] else np.nan for c in columns] for row in rows])
