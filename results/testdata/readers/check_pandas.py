"""Read the tables with pandas and pyarrow and compare every value."""

import os
import sys

import numpy as np
import pandas as pd

from expected import compare


def read(path, columns):
    """Types as Parquet has them: nulls apart from NaN."""
    frame = pd.read_parquet(path, engine="pyarrow", dtype_backend="pyarrow")
    assert list(frame.columns) == [c["name"] for c in columns], list(frame.columns)
    for c in columns:
        values = frame[c["name"]].array.__arrow_array__()
        if c["type"] == "timestamp":
            values = values.cast("int64")
        yield values.to_pylist()


def read_numpy(path, columns):
    """As users load them, where a null number is a NaN."""
    frame = pd.read_parquet(path)
    for c in columns:
        if c["type"] == "float64":
            want = [v is None or v == "nan" for v in c["values"]]
            assert frame[c["name"]].dtype == np.float64, frame[c["name"]].dtype
            assert list(frame[c["name"]].isna()) == want, (path, c["name"])
    return read(path, columns)


compare("pandas", sys.argv[1], read_numpy)
# pyarrow's threads can abort a busy interpreter on its way out, after all is said.
sys.stdout.flush()
os._exit(0)
