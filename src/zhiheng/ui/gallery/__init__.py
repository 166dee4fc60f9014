"""The component gallery: every component in all its states on one page, for looking. Only there in development."""
