"""Print a table of final values, with Polars.

    python table_polars.py runs/quickstart [metric]
"""

import sys

import polars as pl


def text(value):
    """A setting for people; one that does not apply is null."""
    return "none" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def main(directory, metric="l1"):
    # A diverged run is a result: its metrics are NaN, and so is a mean with it.
    runs = pl.read_parquet(f"{directory}/runs.parquet").filter(pl.col("status").is_in(["done", "diverged"]))
    settings = [c for c in runs.columns[1 : runs.columns.index("status")] if c != "seed"]
    # Never average over anything but the seed: what else differs is part of the arm.
    arm = ["environment", "objective", "alpha", "control_variate"]
    arm += [c for c in settings if c not in arm and runs.select(pl.col(c).n_unique().over(arm).max()).item() > 1]
    table = runs.group_by(arm).agg(pl.col(metric).mean().alias("mean"), pl.col(metric).std().alias("sd"), pl.len().alias("seeds"))
    print(*table.columns, sep="\t")
    for row in sorted([*map(text, row[:-3]), f"{row[-3]:.6f}", f"{row[-2]:.6f}", str(row[-1])] for row in table.iter_rows()):
        print(*row, sep="\t")


if len(sys.argv) < 2:
    sys.exit("usage: table_polars.py DIRECTORY [METRIC]")
main(*sys.argv[1:])
