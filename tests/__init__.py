"""Tests of the repository as a whole; each package's own tests lie in its `tests` folder."""
