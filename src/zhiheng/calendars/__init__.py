"""Working calendars: zone, weekly hours, holidays and make-up days, by version and year."""
