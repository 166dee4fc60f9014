"""Services every domain stands on: journal, jobs, grants, files, notifications, tags, saved views."""
