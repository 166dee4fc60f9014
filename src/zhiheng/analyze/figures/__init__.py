"""The plain figures of a log, as JSON values: its size, flow, durations, cases, volume and times to resolve.

Public: `flow`, `durations`, `cases`, `volume`, `resolution`. They describe every case that was read; volume and times
to resolve describe the window.
"""
