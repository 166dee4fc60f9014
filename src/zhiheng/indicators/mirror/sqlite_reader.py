"""Reads an SQLite database for the mirror, in a process of its own: statements in, streams of Arrow batches out.

The driver carries its own copy of SQLite. Two copies in one process do not know of each other's locks, and the first to
close the file drops the locks of both (sqlite.org, "How To Corrupt An SQLite Database File", 2.2.1): a writer
elsewhere in the process would go on unprotected. Between processes the locks hold, hence this one. It is run as a
file, knows nothing of Zhiheng and is started with the path of the database; each line it is given is a JSON text with
one statement, and each answer is one Arrow stream. All statements read one snapshot.
"""

from __future__ import annotations

import json
import sys
from contextlib import closing
from urllib.parse import quote

import adbc_driver_sqlite.dbapi as sqlite
from pyarrow import ipc


def main(path: str) -> None:
    """Answer statements until the input ends."""
    with (
        closing(sqlite.connect(f"file:{quote(path)}?mode=ro")) as connection,
        closing(connection.cursor()) as cursor,
    ):
        for line in sys.stdin:
            cursor.execute(json.loads(line))
            with (
                cursor.fetch_record_batch() as reader,
                ipc.new_stream(sys.stdout.buffer, reader.schema) as writer,
            ):
                for batch in reader:
                    writer.write_batch(batch)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(sys.argv[1])
