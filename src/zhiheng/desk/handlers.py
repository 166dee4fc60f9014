"""What the desk does when something happens elsewhere."""

from zhiheng.calendars.events import CalendarRewritten
from zhiheng.desk.jobs import rederive_clocks
from zhiheng.platform.jobs import enqueue
from zhiheng.platform.journal import handler


@handler("desk.clocks_follow_calendar", CalendarRewritten)
def clocks_follow_calendar(event: CalendarRewritten) -> None:
    """New hours: the clocks that run on the calendar are derived again, in a job."""
    enqueue(rederive_clocks, calendar_id=event.record_id)
