"""Write a Parquet file as CSV with the missing values of R: to_csv.py IN OUT."""

import csv
import math
import sys

import pyarrow.parquet


def text(value):
    if value is None:
        return "NA"
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Inf" if value > 0 else "-Inf"
    return value


table = pyarrow.parquet.read_table(sys.argv[1])
with open(sys.argv[2], "w", newline="", encoding="utf-8") as f:
    rows = csv.writer(f)
    rows.writerow(table.column_names)
    rows.writerows([text(v) for v in row.values()] for row in table.to_pylist())
