"""What our own reader found, and the comparison with what another one finds.

The file expected.json maps each table's file name to its columns, in order:
name, type ("bool", "int64", "float64", "string", "timestamp") and values. A
value is null or a text: a float's 16 hexadecimal digits of its IEEE 754 bits
("nan" for every NaN), a timestamp's microseconds since 1970.
"""

import json
import math
import os
import struct


def text(kind, value):
    """The text of a value that is not null."""
    if kind == "bool":
        assert isinstance(value, bool), value
        return "true" if value else "false"
    if kind in ("int64", "timestamp"):
        assert isinstance(value, int), value
        return str(value)
    if kind == "float64":
        assert isinstance(value, float), value
        return "nan" if math.isnan(value) else struct.pack(">d", value).hex()
    assert isinstance(value, str), value
    return value


def compare(reader, directory, read):
    """Compare every column of every table with read(path, columns)."""
    with open(os.path.join(directory, "expected.json"), encoding="utf-8") as f:
        tables = json.load(f)
    count = 0
    for name, columns in tables.items():
        found = read(os.path.join(directory, name), columns)
        for column, values in zip(columns, found, strict=True):
            got = [None if v is None else text(column["type"], v) for v in values]
            if got != column["values"]:
                raise SystemExit(f"{reader}: {name}, column {column['name']}: {got} is not {column['values']}")
            count += len(got)
    print(f"{reader}: {count} values agree")
