"""Finds every text that a person can see, and tells which are not marked or not translated.

`python -m zhiheng.ui.translations [package ...]` prints the missing texts of the named packages (default: all) as
entries ready to be filled in, and every literal text of a template that no tag marks. Returns 1 if there are any.
"""
