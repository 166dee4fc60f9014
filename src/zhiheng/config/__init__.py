"""Composition root: settings, urls, wsgi, command line."""
