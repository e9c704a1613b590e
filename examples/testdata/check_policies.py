"""Compares what the readers of kept networks compute with what gfnbench does:
python check_policies.py numpy|torch EXPECTED.json"""

import json
import sys

import numpy as np

import gfnbench


def agree(name, got, want):
    got, want = np.asarray(got, float), np.asarray([[-np.inf if x is None else x for x in row] for row in want])
    assert got.shape == want.shape and (np.isneginf(got) == np.isneginf(want)).all(), (name, got.shape, want.shape)
    finite = np.isfinite(want)
    worst = (np.abs(got[finite] - want[finite]) / np.maximum(np.abs(want[finite]), 1)).max()
    assert worst < 1e-6, f"{name}: {worst} apart"
    return worst


def distribution(e, forward):
    """p_T of the terminal states, from a table of log P_F: states are in the order of their steps."""
    mass = np.zeros(len(e["children"]))
    mass[0] = 1
    for s, children in enumerate(e["children"]):
        for action, child in enumerate(children):
            if child >= 0:
                mass[child] += mass[s] * np.exp(forward[s][action])
    return mass


def check(e, policy):
    if e["points"]:
        return agree("log p_T", np.asarray(policy.log_density(np.array(e["points"])))[:, None], e["log_density"])
    inner = [s for s, children in enumerate(e["children"]) if max(children) >= 0]
    states = np.array(e["states"])
    forward = np.full((len(states), len(e["children"][0])), -np.inf)
    forward[inner] = policy.log_forward(states[inner], np.array(e["allowed"], bool)[inner])
    worst = agree("log P_F", forward, e["log_forward"])
    backward = policy.log_backward(states[1:], np.array(e["allowed_back"], bool)[1:])
    worst = max(worst, agree("log P_B", backward, e["log_backward"][1:]))
    if e["log_f"] is not None and hasattr(policy, "log_flow"):
        assert abs(policy.log_flow(states[:1])[0] - e["log_f"]) < 1e-6
    ends = [s for s in range(len(states)) if s not in set(inner)]
    mass, target = distribution(e, forward)[ends], np.exp([e["log_r"][s] for s in ends])
    l1 = np.abs(mass - target / target.sum()).sum()
    assert abs(l1 - e["l1"]) < 1e-6, f"l1 is {l1}, and {e['l1']} in the results"
    return worst


def main(library, expected):
    for e in json.load(open(expected)):
        policy = gfnbench.load_policy(e["file"], "final")
        if library == "torch":
            import torch
            from policy_torch import TorchPolicy

            torch.set_grad_enabled(False)
            policy = TorchPolicy(policy, torch.float64)
        print(f"{e['name']}: at most {check(e, policy):.1e} apart")


main(*sys.argv[1:])
