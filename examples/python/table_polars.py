"""Print a table of final values, with Polars.

    python table_polars.py runs/quickstart [metric]
"""

import sys

import polars as pl


def main(directory, metric="l1"):
    arm = ["environment", "objective", "alpha", "control_variate"]
    table = (
        pl.scan_parquet(f"{directory}/runs.parquet")
        .filter(pl.col("status").is_in(["done", "diverged"]))
        .with_columns(pl.col("control_variate").fill_null("none"))
        .group_by(arm)
        .agg(pl.col(metric).mean().alias("mean"), pl.col(metric).std().alias("std"), pl.len().alias("n"))
        .sort(arm, nulls_last=True)
        .collect()
    )
    for row in table.iter_rows(named=True):
        alpha = "none" if row["alpha"] is None else f"{row['alpha']:g}"
        print(f"{row['environment']}\t{row['objective']}\t{alpha}\t{row['control_variate']}\t{row['mean']:.6f}\t{row['std']:.6f}\t{row['n']}")


if len(sys.argv) < 2:
    sys.exit("usage: table_polars.py DIRECTORY [METRIC]")
main(*sys.argv[1:])
