"""Print a table of final values, with DuckDB: SQL straight on the Parquet file.

    python table_duckdb.py runs/quickstart [metric]
"""

import sys

import duckdb

# A diverged run is a result: its metrics are NaN, and so is the mean with it.
# DuckDB's stddev_samp refuses NaN.
TABLE = """
SELECT environment, objective, coalesce(printf('%g', alpha), 'none') AS alpha, coalesce(control_variate, 'none') AS control_variate,
       printf('%.6f', avg({metric})),
       CASE WHEN bool_or(isnan({metric})) THEN 'nan' ELSE printf('%.6f', stddev_samp({metric}) FILTER (NOT isnan({metric}))) END,
       count(*)
FROM '{directory}/runs.parquet'
WHERE status IN ('done', 'diverged')
GROUP BY ALL
ORDER BY environment, objective, alpha, control_variate
"""


def main(directory, metric="l1"):
    for row in duckdb.sql(TABLE.format(directory=directory, metric=metric)).fetchall():
        print(*row, sep="\t")


if len(sys.argv) < 2:
    sys.exit("usage: table_duckdb.py DIRECTORY [METRIC]")
main(*sys.argv[1:])
