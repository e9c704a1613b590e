"""Compute aggregates and tests of scores with rliable and scipy: JSON in, JSON out."""

import json
import sys

import numpy as np
import scipy.stats
from rliable import metrics

out = []
for case in json.load(sys.stdin):
    x, y = (np.array(case[k]).T for k in "xy")  # rliable: run x task
    members = np.array(case["members"])  # member x block
    pairs = [
        scipy.stats.wilcoxon(members[i], members[j], zero_method="pratt", method="exact").pvalue
        for i in range(len(members))
        for j in range(i + 1, len(members))
    ]
    friedman = scipy.stats.friedmanchisquare(*members)
    ranks = scipy.stats.rankdata(members, axis=0)
    out.append(
        {
            "mean": metrics.aggregate_mean(x),
            "median": metrics.aggregate_median(x),
            "iqm": metrics.aggregate_iqm(x),
            "gap": metrics.aggregate_optimality_gap(x, gamma=1),
            "improvement": metrics.probability_of_improvement(x, y),
            "profile": [float(np.mean(np.mean(x > tau, axis=0))) for tau in case["thresholds"]],
            "friedman": friedman.statistic,
            "ranks": list(ranks.mean(axis=1)),
            "wilcoxon": pairs,
            "wilson": list(scipy.stats.binomtest(7, 10).proportion_ci(method="wilson")),
        }
    )
json.dump(out, sys.stdout)
