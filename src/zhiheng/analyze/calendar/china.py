"""Public holidays and make-up working days of mainland China, from the `holidays` package."""

from typing import Any

import holidays


def exceptions(years: range) -> list[dict[str, Any]]:
    """Dated exceptions for these years: a holiday is closed, a make-up working day has a workday's hours."""
    days = holidays.country_holidays("CN", years=years)
    closed = [
        {"first": day.isoformat(), "closed": True, "name": str(name)} for day, name in sorted(days.items())
    ]
    worked = [
        {"first": day.isoformat(), "as": "mon", "name": "调休上班"}
        for day in sorted(days.weekend_workdays)
        if day.year in years
    ]
    return closed + worked
