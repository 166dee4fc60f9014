"""One dump of an installation that fits both engines: rows, files and signed heads, in one compressed file.

`dump.write_dump(target)` works in one read snapshot while the platform runs; `restore.restore_dump(source)` needs an
empty database, which says that it is unfinished (`target.unfinished_restore`) until everything is in it. Modules
are imported by name, since the command line asks for the mark before models can be loaded. See docs/operate/backup.md
and docs/decisions/0018-backup.md.
"""
