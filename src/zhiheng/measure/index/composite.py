"""The composite index: a definition that computes, explains, compares, tests and replays its values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zhiheng.measure.arrays import Booleans, Floats, floats, matrix
from zhiheng.measure.errors import MeasureError
from zhiheng.measure.index.aggregation import aggregate, exact_sums
from zhiheng.measure.index.change import IndexChange, index_change
from zhiheng.measure.index.definition import (
    Group,
    IndexDefinition,
    Veto,
    definition_of_document,
)
from zhiheng.measure.index.evaluation import Given, capped_table, evaluate_index, score_table
from zhiheng.measure.index.scales import Scale
from zhiheng.measure.index.sensitivity import Choices, Imputation, Sensitivity, index_sensitivity
from zhiheng.measure.index.structure import IndexStructure, index_structure
from zhiheng.measure.index.value import IndexValue, Replay, input_of_document


@dataclass(frozen=True, slots=True)
class IndexTable:
    """Values of many rows at once. NaN where a row has not enough data.

    `points` rows × indicators add up to the value with `veto_points` exactly, as in `IndexValue`; `weights`
    are those that each indicator really had.
    """

    values: Floats
    points: Floats
    weights: Floats
    veto_points: Floats
    present: Booleans
    indicators: tuple[str, ...]
    definition_hash: str

    @property
    def n(self) -> int:
        """How many rows have a value."""
        return int((~np.isnan(self.values)).sum())

    def __str__(self) -> str:
        return f"{self.n} of {self.values.size} rows have a value (definition {self.definition_hash[:12]})"


@dataclass(frozen=True, slots=True)
class CompositeIndex:
    """An index such as the service quality index (SQI), from a frozen definition (OECD & JRC 2008).

    Contract weights are set by people (`ahp_weights`, or points agreed) and frozen with the definition, which
    its hash identifies. Publish a value with its interval, its n and what is missing; a new definition
    recomputes the history beside the old one.
    """

    definition: IndexDefinition

    @classmethod
    def of(
        cls,
        name: str,
        root: Group,
        *,
        version: str = "1",
        vetoes: Sequence[Veto] = (),
        about: Mapping[str, str] | None = None,
    ) -> CompositeIndex:
        """The index of a definition given in parts."""
        return cls(IndexDefinition(name, version, root, tuple(vetoes), dict(about or {})))

    @property
    def definition_hash(self) -> str:
        """What identifies the definition: SHA-256 of its canonical document."""
        return self.definition.hash

    def evaluate(
        self, values: Mapping[str, Given], *, snapshot: str = "", confidence: float = 0.95
    ) -> IndexValue:
        """The index from a value per indicator, in the indicator's own unit.

        A value is a number, a `Measurement` (with n and limits; one that is not enough counts as missing), an
        `Input`, or None. Points follow from the scales, groups from their members; the value is the exactly
        rounded sum of the contributions. A crossed red line holds it at its cap, and what is lost stands in
        the table too. Where inputs have limits the index gets an interval: each input is moved to its limits
        alone and the steps add in squares (method of variance estimates recovery, Zou & Donner 2008), for
        independent inputs. `snapshot` names the data the values came from. Errors: names that are not
        in the definition, values that are not finite.
        """
        return evaluate_index(self.definition, values, snapshot=snapshot, confidence=confidence)

    def evaluate_many(self, values: object, *, red_lines: Mapping[str, object] | None = None) -> IndexTable:
        """The index of every row of `values`, rows × indicators in the order of the definition, NaN = missing.

        `red_lines` holds a value per row for each veto rule on an input that is no indicator. The same bits
        as `evaluate`, row by row. Errors: another number of columns, a red line without values.
        """
        table = matrix("values", values, missing=True)
        names = tuple(indicator.name for indicator in self.definition.indicators)
        if table.shape[1] != len(names):
            raise MeasureError("values", f"must have a column for each of the {len(names)} indicators")
        caps = np.full(len(table), np.inf)
        for veto in self.definition.vetoes:
            column = self._red_line(veto, table, names, red_lines or {})
            caps = np.where(
                [veto.broken(value) for value in column.tolist()], np.minimum(caps, veto.cap), caps
            )
        scores, present = score_table(self.definition, table)
        whole = aggregate(self.definition.root, scores, present)
        totals, lost = capped_table(whole.points, exact_sums(whole.points), caps)
        return IndexTable(
            values=np.where(whole.known, totals, np.nan),
            points=whole.points,
            weights=whole.weights,
            veto_points=np.where(whole.known, lost, 0.0),
            present=present,
            indicators=names,
            definition_hash=self.definition_hash,
        )

    def change(self, before: IndexValue, after: IndexValue) -> IndexChange:
        """Splits `after` − `before` into effects of values, weights, coverage and red lines, which add up to it.

        Values and weights over the indicators that both have, each factor's effect averaged over both orders
        (Bennet 1920; Shapley); coverage is what the others and the rules for missing members do. `before` may
        be a value of another version, with other weights but the same scales. Where a group is no arithmetic mean the
        effects are split in total only, flagged "totals_only". Errors: values of other indices, other scales.
        """
        if after.definition_hash != self.definition_hash:
            raise MeasureError("after", "must be a value of this index")
        return index_change(before, after)

    def sensitivity(
        self,
        values: object,
        *,
        seed: int,
        replicates: int = 1000,
        concentration: float = 50.0,
        scales: Mapping[str, Sequence[Scale]] | None = None,
        imputations: Sequence[Imputation] = ("renormalise",),
        errors: object | None = None,
        confidence: float = 0.95,
    ) -> Sensitivity:
        """What other defensible choices would have given (OECD & JRC 2008, step 7; Saisana et al. 2005).

        `values` as in `evaluate_many`. Each replicate draws the weights of every group from a Dirichlet
        distribution about the defined ones (`concentration` · weight; large = near), one of the alternative
        `scales` or the defined one for each indicator named, one of the `imputations` for missing values
        ("renormalise" as defined, "mean" of the rows, "worst" score of the rows), and moves the values by
        normal errors of standard deviation `errors` (rows × indicators). Red lines are left out. Rows are
        ranked against each other: pass services of one period. Needs 8 bytes per row and replicate, a few
        times over. Errors: unknown names, a concentration not above 0, errors below 0 or of another shape.
        """
        choices = Choices(concentration, scales or {}, tuple(imputations), errors)
        return index_sensitivity(
            self.definition, values, choices, seed=seed, replicates=replicates, confidence=confidence
        )

    def structure(self, values: object) -> IndexStructure:
        """How much each indicator really decides, against its weight, and how many dimensions the indicators have.

        `values` as in `evaluate_many`. An indicator's `explained` is the share of the index's variance that it
        explains alone, S_i = Var(E(I | x_i)) / Var(I), by a polynomial of third degree (Paruolo, Saisana &
        Saltelli 2013): weights say what was meant, this says what happens, and correlated or nearly constant
        indicators make them differ. `components` are the shares of variance of the principal components of
        the rows without gaps. Fewer than 10 rows: None. Red lines are left out.
        Errors: another number of columns.
        """
        return index_structure(self.definition, values)

    @staticmethod
    def replay(record: Mapping[str, Any]) -> Replay:
        """Computes a stored `IndexValue.record` again and compares every bit of it, hashes included."""
        definition = definition_of_document(record["definition"])
        inputs = {given["name"]: input_of_document(given) for given in record["inputs"]}
        value = evaluate_index(
            definition, inputs, snapshot=record["snapshot"], confidence=record["confidence"]
        )
        again = value.record
        differences = [
            name for name in ("method", "definition_hash", "input_hash") if again[name] != record[name]
        ]
        differences += [
            f"result.{name}"
            for name, stored in record["result"].items()
            if again["result"].get(name) != stored
        ]
        return Replay(not differences, tuple(differences), value)

    @staticmethod
    def _red_line(veto: Veto, table: Floats, names: tuple[str, ...], given: Mapping[str, object]) -> Floats:
        if veto.name in names:
            return table[:, names.index(veto.name)]
        if veto.name not in given:
            raise MeasureError("red_lines", f"must hold a value per row for {veto.name!r}")
        column = floats(f"red_lines[{veto.name!r}]", given[veto.name])
        if column.size != len(table):
            raise MeasureError(
                f"red_lines[{veto.name!r}]", f"must have {len(table)} values, has {column.size}"
            )
        return column
