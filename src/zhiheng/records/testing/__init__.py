"""Tests generated from declarations: {list, detail, add, edit, delete, bulk, import, export, API} × {anonymous, no
role, role, out of scope}, both languages, journal entries, and numbers of queries that do not grow with the rows.

`test_matrix` of this package runs them over every registered record type. A domain whose rows cannot be made up from
the kinds of their fields says how in `<app>/tests/samples.py`:

    @sampler(Ticket)
    def ticket(number: int) -> Ticket:
        return services.open_ticket(...)

    sample_values(Grant, lambda number: {"permission": "accounts.team:view"})
"""

from zhiheng.records.testing.samples import sample, sample_values, sampler

__all__ = ["sample", "sample_values", "sampler"]
