"""Print a table of final values, with DuckDB: SQL straight on the Parquet file.

    python table_duckdb.py runs/quickstart [metric]
"""

import sys

import duckdb

# A diverged run is a result: its metrics are NaN, and so is a mean with it.
# DuckDB's stddev_samp refuses NaN.
TABLE = """
SELECT {values}, printf('%.6f', avg({metric})) AS mean,
       CASE WHEN bool_or(isnan({metric})) THEN 'nan' ELSE printf('%.6f', stddev_samp({metric}) FILTER (NOT isnan({metric}))) END AS sd,
       count(*) AS seeds
FROM runs GROUP BY {arm} ORDER BY ALL
"""


def main(directory, metric="l1"):
    duckdb.sql(f"CREATE VIEW runs AS FROM '{directory}/runs.parquet' WHERE status IN ('done', 'diverged')")
    types = {name: kind for name, kind, *_ in duckdb.sql("DESCRIBE runs").fetchall()}
    settings = [c for c in list(types)[1 : list(types).index("status")] if c != "seed"]

    def text(column):  # a setting for people; one that does not apply is null
        return f"coalesce(printf('%g', \"{column}\"), 'none')" if types[column] == "DOUBLE" else f"coalesce(\"{column}\"::VARCHAR, 'none')"

    # Never average over anything but the seed: what else differs is part of the arm.
    arm = ["environment", "objective", "alpha", "control_variate"]
    counts = ", ".join(f'count(DISTINCT {text(c)}) AS "{c}"' for c in settings)
    within = duckdb.sql(f"SELECT max(COLUMNS(*)) FROM (SELECT {counts} FROM runs GROUP BY {', '.join(arm)} LIMIT ALL)").fetchone()
    arm += [c for c, n in zip(settings, within) if c not in arm and n > 1]
    quoted = [f'"{c}"' for c in arm]
    table = duckdb.sql(TABLE.format(values=", ".join(f'{text(c)} AS "{c}"' for c in arm), arm=", ".join(f"runs.{q}" for q in quoted), metric=metric))
    print(*table.columns, sep="\t")
    for row in table.fetchall():
        print(*row, sep="\t")


if len(sys.argv) < 2:
    sys.exit("usage: table_duckdb.py DIRECTORY [METRIC]")
main(*sys.argv[1:])
