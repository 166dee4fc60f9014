"""The Django apps of the platform, lowest layer first. Imports point up this list only."""

APPS = [
    "zhiheng.platform",
    "zhiheng.ui",
    "zhiheng.records",
    "zhiheng.indicators",
    "zhiheng.accounts",
    "zhiheng.calendars",
    "zhiheng.cmdb",
    "zhiheng.catalog",
    "zhiheng.agreements",
    "zhiheng.processes",
    "zhiheng.desk",
    "zhiheng.web",
]
