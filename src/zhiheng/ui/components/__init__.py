"""View models of the components: frozen dataclasses of plain values. Each is drawn by the template tag of its
name.
"""

from zhiheng.ui.components.basic import (
    ActButton,
    Avatar,
    Chips,
    Choice,
    Empty,
    JobCard,
    JobState,
    Link,
    Menu,
    MenuEntry,
    Notice,
    Pager,
    Properties,
    Property,
    Tab,
    Tabs,
)
from zhiheng.ui.components.charts import Chart, ChartKind, MapArc, MapNode, ProcessMap, Series
from zhiheng.ui.components.clock import (
    Clock,
    ClockDay,
    ClockEntry,
    ClockPause,
    ClockState,
)
from zhiheng.ui.components.figure import Figure, Trend, Verdict
from zhiheng.ui.components.process import ProcessStrip, Step, StepState
from zhiheng.ui.components.table import Cell, Column, Table, TableRow
from zhiheng.ui.components.timeline import ActGroup, ActLine, Attachment, Audience, Message, Timeline

__all__ = [
    "ActButton",
    "ActGroup",
    "ActLine",
    "Attachment",
    "Audience",
    "Avatar",
    "Cell",
    "Chart",
    "ChartKind",
    "Chips",
    "Choice",
    "Clock",
    "ClockDay",
    "ClockEntry",
    "ClockPause",
    "ClockState",
    "Column",
    "Empty",
    "Figure",
    "JobCard",
    "JobState",
    "Link",
    "MapArc",
    "MapNode",
    "Menu",
    "MenuEntry",
    "Message",
    "Notice",
    "Pager",
    "ProcessMap",
    "ProcessStrip",
    "Properties",
    "Property",
    "Series",
    "Step",
    "StepState",
    "Tab",
    "Table",
    "TableRow",
    "Tabs",
    "Timeline",
    "Trend",
    "Verdict",
]
