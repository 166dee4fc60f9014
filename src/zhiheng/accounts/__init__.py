"""People, organisations, teams, roles and sign-in."""
