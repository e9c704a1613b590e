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


def main(directory, out, metric="l1"):
    # An axis that does not apply is null; as a group it needs a name.
    arm = ["environment", "objective", "alpha", "control_variate"]
    curves = pd.read_parquet(f"{directory}/curves.parquet")
    curves["control_variate"] = curves["control_variate"].fillna("none")

    environments = sorted(curves["environment"].unique())
    figure, panels = plt.subplots(1, len(environments), figsize=(4 * len(environments), 3.2), squeeze=False)
    for panel, environment in zip(panels[0], environments):
        for objective, rows in curves[curves["environment"] == environment].groupby("objective"):
            by_step = rows.groupby("step")[metric]  # one value a seed
            mean, low, high = by_step.mean(), by_step.min(), by_step.max()
            panel.plot(mean.index, mean, color=COLOURS[objective], linestyle="--" if objective == "subtb" else "-", label=objective)
            panel.fill_between(mean.index, low, high, color=COLOURS[objective], alpha=0.2, linewidth=0)
        panel.set(title=environment, xlabel="gradient steps", yscale="log")
    panels[0][0].set_ylabel(metric)
    panels[0][-1].legend(loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    figure.savefig(out, bbox_inches="tight")

    # A diverged run is a result: its metrics are NaN, and so is the mean with it,
    # which pandas would leave out.
    runs = pd.read_parquet(f"{directory}/runs.parquet")
    runs = runs[runs["status"].isin(["done", "diverged"])]
    runs["control_variate"] = runs["control_variate"].fillna("none")
    table = runs.groupby(arm, dropna=False)[metric].agg(mean=lambda x: x.mean(skipna=False), std=lambda x: x.std(skipna=False), size="size").reset_index()
    for row in table.sort_values(arm).itertuples(index=False):
        alpha = "none" if pd.isna(row.alpha) else f"{row.alpha:g}"
        print(f"{row.environment}\t{row.objective}\t{alpha}\t{row.control_variate}\t{row.mean:.6f}\t{row.std:.6f}\t{row.size}")


if len(sys.argv) < 3:
    sys.exit("usage: curves_pandas.py DIRECTORY FIGURE [METRIC]")
main(*sys.argv[1:])
