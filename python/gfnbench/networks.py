"""What the networks of kept policies compute, apart from linear layers."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = Any  # numpy.ndarray


def outputs(policy: Any, states: Array) -> Array:
    """The outputs for each state, a row of features."""
    net = policy.net
    if net["kind"] == "gin":
        return np.stack([forest(policy, np.flatnonzero(row)) for row in states])
    if net["kind"] == "deep-set":
        states = states @ policy.layers("phi", np.eye(states.shape[1]))
    elif net["input"] == "ids":
        states = tokens(net, states, net.get("pad", 0))
    elif net["input"] == "embedding":
        states = policy.arrays["embedding.weight"][tokens(net, states, net["tokens"])].reshape(len(states), -1)
    return policy.layers("layers", states)


def tokens(net: dict[str, Any], states: Array, empty: float) -> Array:
    """The tokens of sequences, and what stands for none."""
    one_hot = states.reshape(len(states), net["positions"], net["tokens"])
    return np.where(one_hot.any(axis=2), one_hot.argmax(axis=2), empty)


def graph(features: Array, leaves: int) -> tuple[Array, dict[int, int]]:
    """The neighbours of the nodes of a forest, themselves among them, as a matrix, and the
    places of its roots by their smallest leaves. A node is a set of leaves, as a number."""
    clades = [c for c in range(1 << leaves) if c & (c - 1)]
    nodes = [1 << i for i in range(leaves)] + [clades[i] for i in features]
    near, roots = np.eye(len(nodes)), {}
    for i, c in enumerate(nodes):
        above = [d for d in nodes if c & d == c != d]
        if above:
            j = nodes.index(min(above))
            near[i, j] = near[j, i] = 1
        else:
            roots[(c & -c).bit_length() - 1] = i
    return near, roots


def forest(policy: Any, features: Array) -> Array:
    """The outputs of a graph isomorphism network for one forest."""
    net, n = policy.net, policy.net["leaves"]
    near, roots = graph(features, n)
    x = np.eye(n + 1)[np.minimum(np.arange(len(near)), n)]
    for k in range(sum(key.startswith("conv.") for key in policy.arrays) // 4):
        x = policy.act(policy.layers(f"conv.{k}", near @ x))
    if net["readout"] != "roots":
        return policy.layers("whole", x.sum(axis=0))
    out = np.zeros(policy.actions + net.get("flow", 0) + policy.backward)
    for i, a in roots.items():
        if policy.backward and a >= n:
            out[i - policy.backward] = policy.layers("back", x[a], 0)[0]
        for j, b in roots.items():
            if i < j:
                out[i * (2 * n - i - 1) // 2 + j - i - 1] = policy.layers("join", x[a] + x[b], 0)[0]
    if net.get("flow"):
        out[policy.actions] = policy.layers("flow", x[list(roots.values())].sum(axis=0), 0)[0]
    return out


def log_density(policy: Any, points: Array) -> Array:
    """log p_T of points: coordinate after coordinate from a mixture of Gaussians."""
    net, (n, dim), total = policy.net, points.shape, 0.0
    for j in range(dim):
        x = np.zeros((n, 2 * dim - 1))
        x[:, :j], x[:, dim - 1 + j] = points[:, :j].astype(np.float32), 1
        weight, mean, scale = np.split(policy.layers("layers", x), 3, axis=1)
        scale = scale.clip(net["min_log_scale"], net["max_log_scale"])
        z = (points[:, [j]] - np.array(net["anchors"]) - mean) * np.exp(-scale)
        logs = weight - scale - z * z / 2
        total = total + np.logaddexp.reduce(logs, axis=1) - np.logaddexp.reduce(weight, axis=1) - np.log(2 * np.pi) / 2
    return total
