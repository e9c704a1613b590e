"""Kept networks of gfnbench as PyTorch modules: python policy_torch.py POLICIES.safetensors"""

import sys

import numpy as np
import torch
from torch.nn.functional import leaky_relu

import gfnbench
from gfnbench.networks import graph, tokens


class TorchPolicy(torch.nn.Module):  # with the parameters of the network, to train on or take apart
    def __init__(self, kept, dtype=torch.float32):
        super().__init__()
        self.kept, self.net, self.dtype = kept, kept.net, dtype
        arrays = {name.replace(".", "-"): x for name, x in kept.arrays.items() if not name.startswith("instance.")}
        self.w = torch.nn.ParameterDict({name: torch.tensor(x, dtype=dtype) for name, x in arrays.items()})

    def log_forward(self, states, allowed):
        return masked(self(states)[:, :self.kept.actions], allowed)

    def log_backward(self, states, allowed):
        return masked(self(states)[:, -self.kept.backward:] if self.kept.backward else torch.zeros(np.shape(allowed)), allowed)

    def log_density(self, points):
        points = torch.as_tensor(points, dtype=self.dtype)
        (n, dim), total = points.shape, 0
        for j in range(dim):
            x = torch.zeros(n, 2 * dim - 1, dtype=self.dtype)
            x[:, :j], x[:, dim - 1 + j] = points[:, :j].float(), 1
            weight, mean, scale = self.layers("layers", x).chunk(3, dim=1)
            spread = scale.clamp(self.net["min_log_scale"], self.net["max_log_scale"]).exp()
            component = torch.distributions.Normal(mean + torch.tensor(self.net["anchors"], dtype=self.dtype), spread)
            total = total + torch.logsumexp(torch.log_softmax(weight, dim=1) + component.log_prob(points[:, [j]]), dim=1)
        return total

    def layers(self, name, x, slope=None):
        for i in range(sum(key.startswith(name.replace(".", "-") + "-") for key in self.w) // 2):
            at = f"{name}.{i}".replace(".", "-")
            x = (leaky_relu(x, self.net["slope"] if slope is None else slope) if i else x) @ self.w[at + "-weight"] + self.w[at + "-bias"]
        return x

    def forward(self, states):
        if self.net["kind"] == "gin":
            return torch.stack([self.forest(np.flatnonzero(row)) for row in states])
        x = torch.as_tensor(np.asarray(states), dtype=self.dtype)
        if self.net["kind"] == "deep-set":
            x = x @ self.layers("phi", torch.eye(x.shape[1], dtype=self.dtype))
        elif self.net["input"] == "ids":
            x = torch.as_tensor(tokens(self.net, np.asarray(states), self.net.get("pad", 0)), dtype=self.dtype)
        elif self.net["input"] == "embedding":
            x = self.w["embedding-weight"][torch.as_tensor(tokens(self.net, np.asarray(states), self.net["tokens"]))].flatten(1)
        return self.layers("layers", x)

    def forest(self, features):
        n, (near, roots) = self.net["leaves"], graph(features, self.net["leaves"])
        x = torch.eye(n + 1, dtype=self.dtype)[np.minimum(np.arange(len(near)), n)]
        for k in range(sum(key.startswith("conv-") for key in self.w) // 4):
            x = leaky_relu(self.layers(f"conv.{k}", torch.as_tensor(near, dtype=self.dtype) @ x), self.net["slope"])
        if self.net["readout"] != "roots":
            return self.layers("whole", x.sum(0))
        out = [torch.zeros(1, dtype=self.dtype)] * (self.kept.actions + self.net.get("flow", 0) + self.kept.backward)
        for i, a in roots.items():
            if self.kept.backward and a >= n:
                out[i - self.kept.backward] = self.layers("back", x[a], 0)
            for j, b in roots.items():
                if i < j:
                    out[i * (2 * n - i - 1) // 2 + j - i - 1] = self.layers("join", x[a] + x[b], 0)
        if self.net.get("flow"):
            out[self.kept.actions] = self.layers("flow", x[list(roots.values())].sum(0), 0)
        return torch.cat(out)


def masked(logits, allowed):
    return torch.log_softmax(logits.masked_fill(~torch.as_tensor(allowed), -torch.inf), dim=1)


if __name__ == "__main__":
    print(TorchPolicy(gfnbench.load_policy(sys.argv[1])))
