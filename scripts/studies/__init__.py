"""Studies of real data that are carried out anew whenever the documentation is built.

`kiosk_survey` and `incident_log` read the files in `samples/`; `kiosk`, `resolution`, `stability`, `recurrence` and
`improvement` compute, each a few calls of `zhiheng.measure`; `pages` puts the results into the texts of
`docs/studies/`, `drawing` draws the charts. No figure in those texts is typed by hand.
"""
