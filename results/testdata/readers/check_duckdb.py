"""Read the tables with DuckDB and compare every value."""

import os
import sys

import duckdb

from expected import compare

TYPES = {"bool": "BOOLEAN", "int64": "BIGINT", "float64": "DOUBLE", "string": "VARCHAR", "timestamp": "TIMESTAMP WITH TIME ZONE"}


def read(path, columns):
    table = duckdb.read_parquet(path)
    assert table.columns == [c["name"] for c in columns], table.columns
    assert [str(t) for t in table.types] == [TYPES[c["type"]] for c in columns], table.types
    for c in columns:
        quoted = '"' + c["name"].replace('"', '""') + '"'
        if c["type"] == "timestamp":
            quoted = f"epoch_us({quoted})"
        yield [row[0] for row in duckdb.sql(f"SELECT {quoted} FROM read_parquet('{path}', file_row_number = true) ORDER BY file_row_number").fetchall()]


compare("DuckDB", sys.argv[1], read)
# pyarrow's threads can abort a busy interpreter on its way out, after all is said.
sys.stdout.flush()
os._exit(0)
