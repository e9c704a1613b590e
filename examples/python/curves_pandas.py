"""Draw learning curves and print a table of final values, with pandas.

    python curves_pandas.py runs/quickstart curves.svg [metric]
"""

import sys

import matplotlib
import pandas as pd

matplotlib.use("Agg")
import matplotlib.pyplot as plt

# Okabe and Ito's colours, as report figure uses them.
COLOURS = {
    "tb": "#000000", "db": "#999999", "subtb": "#999999", "vargrad": "#CC79A7", "reverse-kl": "#0072B2",
    "forward-kl": "#D55E00", "renyi": "#009E73", "tsallis": "#E69F00", "linex": "#56B4E9", "shifted-cosh": "#F0E442",
}
DASHES = ["-", "--", ":", "-."]


def settings_of(runs):
    """The columns that say what a run is: those before its status, but for the seed."""
    columns = list(runs.columns)
    return [c for c in columns[1 : columns.index("status")] if c != "seed"]


def arms(runs):
    """Columns that tell the arms apart: never average over anything but the seed."""
    arm = ["environment", "objective", "alpha", "control_variate"]
    groups = runs.groupby(arm, dropna=False)
    return arm + [c for c in settings_of(runs) if c not in arm and groups[c].nunique(dropna=False).max() > 1]


def text(value):
    """A setting for people; one that does not apply is null."""
    return "none" if pd.isna(value) else f"{value:g}" if isinstance(value, float) else str(value)


def main(directory, out, metric="l1"):
    # A diverged run is a result: its metrics are NaN, and so is a mean with it,
    # which pandas would leave out.
    runs = pd.read_parquet(f"{directory}/runs.parquet")
    runs = runs[runs["status"].isin(["done", "diverged"])]
    arm = arms(runs)
    table = runs.groupby(arm, dropna=False)[metric]
    table = table.agg(mean=lambda x: x.mean(skipna=False), std=lambda x: x.std(skipna=False), n="size").reset_index()
    print(*arm, "mean", "sd", "seeds", sep="\t")
    for row in sorted([*map(text, row[:-3]), f"{row[-3]:.6f}", f"{row[-2]:.6f}", str(row[-1])] for row in table.itertuples(index=False)):
        print(*row, sep="\t")

    curves = pd.read_parquet(f"{directory}/curves.parquet")
    environments = sorted(curves["environment"].unique())
    figure, panels = plt.subplots(1, len(environments), figsize=(4 * len(environments), 3.2), squeeze=False)
    lines = {}  # by label; arms of an objective have its colour, and each a dash of its own
    for panel, environment in zip(panels[0], environments):
        for key, rows in curves[curves["environment"] == environment].groupby(arm[1:], dropna=False):
            label = "/".join(text(v) for v in key if not pd.isna(v))
            others = [line for other, line in lines.items() if other.split("/")[0] == key[0] and other != label]
            dash = lines[label].get_linestyle() if label in lines else DASHES[len(others) % len(DASHES)]
            by_step = rows.groupby("step")[metric]  # one value per seed
            mean, low, high = by_step.mean(), by_step.min(), by_step.max()
            colour = COLOURS.get(key[0], "#666666")
            lines[label] = panel.plot(mean.index, mean, color=colour, linestyle=dash)[0]
            panel.fill_between(mean.index, low, high, color=colour, alpha=0.2, linewidth=0)
        panel.set(title=environment, xlabel="gradient steps", yscale="log")
    panels[0][0].set_ylabel(metric)
    figure.tight_layout()
    figure.legend(lines.values(), lines.keys(), loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    figure.savefig(out, bbox_inches="tight")


if len(sys.argv) < 3:
    sys.exit("usage: curves_pandas.py DIRECTORY FIGURE [METRIC]")
main(*sys.argv[1:])
