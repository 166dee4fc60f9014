"""Tests of `make setup`: what it says when something is missing, and that it does nothing twice."""
