"""Kept networks in numpy: see docs/policies.md for the file and the formulas."""

from __future__ import annotations

import json
import os
import struct
from typing import Any, Union

import numpy as np

TYPES = {"F32": "<f4", "F64": "<f8"}
Array = Any  # numpy.ndarray


class Policy:
    """One kept network. ``about`` is what its file says of it: environment, objective,
    settings, network; ``arrays`` are its parameters, ``instance`` what was drawn."""

    def __init__(self, path: Union[str, os.PathLike[str]], name: str = "") -> None:
        with open(path, "rb") as f:
            header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
            data = f.read()
        self.about = json.loads(header.pop("__metadata__")["gfnbench"])
        kept = {k["name"]: k["step"] for k in self.about["policies"]}
        self.name = name or list(kept)[-1]
        self.step, self.net = kept[self.name], self.about["network"]
        self.arrays: dict[str, Array] = {}
        self.instance: dict[str, Array] = {}
        for key, t in header.items():
            x = np.frombuffer(data[slice(*t["data_offsets"])], TYPES[t["dtype"]]).reshape(t["shape"]).astype(np.float64)
            if key.startswith(self.name + "/"):
                self.arrays[key[len(self.name) + 1:]] = x
            elif key.startswith("instance."):
                self.instance[key[len("instance."):]] = x
        self.log_z = float(self.arrays["log_z"][0])

    def log_forward(self, states: Array, allowed: Array) -> Array:
        """log P_F of n states, rows of features: n × actions, -inf where not allowed."""
        return log_softmax(self.outputs(states)[:, :self.net["actions"]], allowed)

    def log_backward(self, states: Array, allowed: Array) -> Array:
        """log P_B of n states, n × backward actions: uniform unless it is learned."""
        n = self.net.get("backward", 0)
        return log_softmax(self.outputs(states)[:, -n:] if n else np.zeros(np.shape(allowed)), allowed)

    def log_flow(self, states: Array) -> Array:
        """log F(s) of n states, for objectives with state flows."""
        return self.outputs(states)[:, self.net["actions"]] + self.log_z

    def log_density(self, points: Array) -> Array:
        """log p_T of n points, n × dim, on continuous environments."""
        n, dim = points.shape
        total, anchors = np.zeros(n), np.array(self.net["anchors"])
        for j in range(dim):
            x = np.zeros((n, 2 * dim - 1))
            x[:, :j], x[:, dim - 1 + j] = points[:, :j].astype(np.float32), 1
            weight, mean, scale = np.split(self.layers("layers", x), 3, axis=1)
            scale = scale.clip(self.net["min_log_scale"], self.net["max_log_scale"])
            z = (points[:, j:j + 1] - anchors - mean) * np.exp(-scale)
            total += log_sum(log_softmax(weight, True) - scale - np.log(2 * np.pi) / 2 - z * z / 2)[:, 0]
        return total

    def layers(self, name: str, x: Array) -> Array:
        """Linear layers with the activation between them."""
        depth = sum(key.startswith(name + ".") and key.endswith(".weight") for key in self.arrays)
        for i in range(depth):
            x = (self.act(x) if i else x) @ self.arrays[f"{name}.{i}.weight"] + self.arrays[f"{name}.{i}.bias"]
        return x

    def act(self, x: Array) -> Array:
        return np.where(x > 0, x, self.net["slope"] * x)

    def outputs(self, states: Array) -> Array:
        """All outputs of n states: forward logits, flow, backward logits."""
        states = np.asarray(states, np.float64)
        if self.net["kind"] == "deep-set":
            return self.layers("layers", states @ self.layers("phi", np.eye(states.shape[1])))
        if self.net["kind"] == "gin":
            return np.stack([self.forest(np.flatnonzero(row)) for row in states])
        if self.net["input"] != "one-hot":
            tokens = states.reshape(len(states), self.net["positions"], self.net["tokens"])
            ids, filled = tokens.argmax(axis=2), tokens.any(axis=2)
            states = np.where(filled, ids, self.net.get("pad", 0))
            if self.net["input"] == "embedding":
                states = self.arrays["embedding.weight"][np.where(filled, ids, self.net["tokens"])].reshape(len(ids), -1)
        return self.layers("layers", states)

    def forest(self, features: Array) -> Array:
        """The outputs of a forest, given the numbers of its clades: see docs/trainers.md."""
        n, w = self.net["leaves"], self.arrays
        clades = [c for c in range(1 << n) if c & (c - 1)]
        nodes = [1 << i for i in range(n)] + [clades[i] for i in features]
        near, roots = np.eye(len(nodes)), []
        for i, c in enumerate(nodes):
            above = [j for j, d in enumerate(nodes) if c != d and c & d == c]
            if above:
                j = min(above, key=lambda j: nodes[j])
                near[i, j] = near[j, i] = 1
            else:
                roots.append(i)
        x = np.hstack([np.eye(len(nodes))[:, :n], np.arange(len(nodes))[:, None] >= n])
        for layer in ("nodes", "trees"):
            x = self.act(self.layers(layer, near @ x))
        def read(name: str, h: Array) -> float:
            return float((np.maximum(h @ w[name + ".0.weight"] + w[name + ".0.bias"], 0) @ w[name + ".1.weight"] + w[name + ".1.bias"])[0])
        out = np.zeros(self.net["actions"] + self.net.get("flow", False) + self.net.get("backward", 0))
        leaf = {r: (nodes[r] & -nodes[r]).bit_length() - 1 for r in roots}
        for a in roots:
            if leaf[a] is not None and self.net.get("backward", 0) and nodes[a] & (nodes[a] - 1):
                out[leaf[a] - self.net["backward"]] = read("back", x[a])
            for b in roots:
                i, j = leaf[a], leaf[b]
                if i < j:
                    out[i * (2 * n - i - 1) // 2 + j - i - 1] = read("join", x[a] + x[b])
        if self.net.get("flow"):
            out[self.net["actions"]] = read("flow", x[roots].sum(axis=0))
        return out
