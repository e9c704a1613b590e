"""Kept networks in numpy: docs/policies.md describes the files and the formulas."""

from __future__ import annotations

import json
import os
import struct
from typing import Any, Union

import numpy as np

from . import networks

Array = Any  # numpy.ndarray


class Policy:
    """A kept network. ``about`` is what its file says of it, such as its environment and
    the order of features and actions; ``arrays`` are its parameters and, under
    ``instance.``, what was drawn for the environment."""

    def __init__(self, path: Union[str, os.PathLike[str]], name: str = "") -> None:
        with open(path, "rb") as f:
            header = json.loads(f.read(struct.unpack("<Q", f.read(8))[0]))
            data = f.read()
        self.about: dict[str, Any] = json.loads(header.pop("__metadata__")["gfnbench"])
        steps = {k["name"]: k["step"] for k in self.about["policies"]}
        self.name = name or list(steps)[-1]
        self.step: int = steps[self.name]
        self.net: dict[str, Any] = self.about["network"]
        self.arrays: dict[str, Array] = {}
        for key, t in header.items():
            x = np.frombuffer(data[slice(*t["data_offsets"])], {"F32": "<f4", "F64": "<f8"}[t["dtype"]])
            self.arrays[key.removeprefix(self.name + "/")] = x.reshape(t["shape"]).astype(float)
        self.log_z = float(self.arrays["log_z"][0])
        self.actions, self.backward = self.net.get("actions", 0), self.net.get("backward", 0)

    def log_forward(self, states: Array, allowed: Array) -> Array:
        """log P_F of states, rows of features: -inf for actions that are not allowed."""
        return log_softmax(self.outputs(states)[:, :self.actions], allowed)

    def log_backward(self, states: Array, allowed: Array) -> Array:
        """log P_B of states; uniform where the backward policy is not learned."""
        logits = self.outputs(states)[:, -self.backward:] if self.backward else np.zeros(np.shape(allowed))
        return log_softmax(logits, allowed)

    def log_flow(self, states: Array) -> Array:
        """log F of states, of objectives with state flows."""
        return self.outputs(states)[:, self.actions] + self.log_z

    def log_density(self, points: Array) -> Array:
        """log p_T of points, rows of coordinates, of continuous environments."""
        return networks.log_density(self, np.asarray(points))

    def outputs(self, states: Array) -> Array:
        """The outputs for each state: forward logits, flow, backward logits."""
        return networks.outputs(self, np.asarray(states))

    def layers(self, name: str, x: Array, slope: Any = None) -> Array:
        """Linear layers with an activation between them, that of the network unless its
        slope at negative numbers is given."""
        for i in range(sum(key.startswith(name + ".") for key in self.arrays) // 2):
            x = (self.act(x, slope) if i else x) @ self.arrays[f"{name}.{i}.weight"] + self.arrays[f"{name}.{i}.bias"]
        return x

    def act(self, x: Array, slope: Any = None) -> Array:
        return np.where(x > 0, x, (self.net["slope"] if slope is None else slope) * x)


def log_softmax(logits: Array, allowed: Array) -> Array:
    logits = np.where(allowed, logits, -np.inf)
    logits = logits - logits.max(axis=1, keepdims=True)
    return logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
