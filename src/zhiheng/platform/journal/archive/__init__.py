"""The archive of the journal: the oldest sealed entries in compressed files beside the database, read as before.

A prefix of the journal, made of whole seals, moves from the table into files of some 50,000 entries; everything up to
`reading.archive_floor()` lies in files, everything after it in the table. Rows of the table at or below the floor are
leftovers of a run that is not finished, without a gap below the floor: readers look into the table first and then into
the files, and tell nothing twice. `archiving.archive_journal` and `unarchiving.unarchive_journal` move entries;
`entries`, `verification`, `erasure`, `delivery`, the backup and the mirror read files through `reading`. See
docs/decisions/0020-journal-archive.md.

format      the bytes of a file. Pure.
place       the folder, locks, writing whole files, sweeping
reading     entries out of files
planning    what may be archived and what stops it
archiving   from the table into files
unarchiving back into the table
rewriting   a file with some values erased
checking    whether files are what was archived
"""
