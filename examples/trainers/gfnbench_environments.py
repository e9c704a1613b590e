"""Environments of gfnbench, many states at a time, in numpy: with the states and the actions
of docs/trainers.md. States are rows of integers here; encode() and decode() turn them into
the protocol's rows of bytes and back. A state is finished where `done` says so."""

import numpy as np


def environment(run):
    """The environment of a request to start."""
    e = run["environment"]
    params = dict(e["params"])
    for field in e.get("instance", []):
        params[field["name"]] = field.get("text", "")
    return {"hypergrid": Hypergrid, "bitseq": Bitseq, "ising": Ising}[e["kind"]](params)


class Hypergrid:
    """States are coordinates; action i adds 1 to coordinate i, the last one stops."""

    def __init__(self, p):
        self.dim, self.height = p["dim"], p["height"]
        self.r0, self.r1, self.r2 = p["r0"], p["r1"], p["r2"]
        self.features, self.actions = self.dim * self.height, self.dim + 1
        self.max_steps = self.dim * (self.height - 1) + 1

    def initial(self, n):
        return np.zeros((n, self.dim), np.int64)

    def encode(self, states):
        rows = np.zeros((len(states), self.features), np.uint8)
        at = states + np.arange(self.dim) * self.height
        np.put_along_axis(rows, at, 1, axis=1)
        return rows

    def decode(self, rows):
        return rows.reshape(len(rows), self.dim, self.height).argmax(axis=2)

    def mask(self, states):
        return np.hstack([states < self.height - 1, np.ones((len(states), 1), bool)])

    def step(self, states, actions):
        """The next states, and which of them are finished."""
        done = actions == self.dim
        states = states.copy()
        moved = np.flatnonzero(~done)
        states[moved, actions[moved]] += 1
        return states, done

    def parents(self, states, done):
        return np.where(done, 1, (states > 0).sum(axis=1))

    def log_reward(self, states):
        # The bands of |x/(H-1) - 1/2| in integers: u/(2(H-1)).
        h = self.height - 1
        u = np.abs(2 * states - h)
        outer = (2 * u > h).all(axis=1)
        inner = ((5 * u > 3 * h) & (5 * u < 4 * h)).all(axis=1)
        return np.log(self.r0 + self.r1 * outer + self.r2 * inner)


class Bitseq:
    """States are words, -1 where one is empty; action p 2^k + v fills word p with v."""

    def __init__(self, p):
        self.length, self.word, self.beta = p["length"], p["word"], p["beta"]
        self.positions, self.values = self.length // self.word, 1 << self.word
        self.features = self.actions = self.positions * self.values
        self.max_steps = self.positions
        self.unit = 1 if p.get("distance") == "absolute" else self.length
        self.modes = np.array([[int(b) for b in m] for m in p["modes"].split("\n")])

    def initial(self, n):
        return np.full((n, self.positions), -1)

    def encode(self, states):
        return (states[:, :, None] == np.arange(self.values)).astype(np.uint8).reshape(len(states), -1)

    def decode(self, rows):
        rows = rows.reshape(len(rows), self.positions, self.values)
        return np.where(rows.any(axis=2), rows.argmax(axis=2), -1)

    def mask(self, states):
        return np.repeat(states < 0, self.values, axis=1)

    def step(self, states, actions):
        states = states.copy()
        states[np.arange(len(states)), actions // self.values] = actions % self.values
        return states, (states >= 0).all(axis=1)

    def parents(self, states, done):
        return (states >= 0).sum(axis=1)

    def log_reward(self, states):
        bits = (states[:, :, None] >> np.arange(self.word) & 1).reshape(len(states), -1)
        distance = (bits[:, None, :] != self.modes).sum(axis=2).min(axis=1)
        return -self.beta * distance / self.unit


class Ising:
    """States are spins, -1 where one is not set; action i sets site i down, sites + i up."""

    def __init__(self, p):
        self.side, self.beta, self.coupling = p["side"], p["beta"], p["coupling"]
        self.sites = self.max_steps = self.side**2
        self.features = self.actions = 2 * self.sites
        site = np.arange(self.sites).reshape(self.side, self.side)
        self.bonds = np.zeros((self.sites, self.sites))  # how many between two sites
        for axis in (0, 1):
            np.add.at(self.bonds, (site, np.roll(site, -1, axis)), 1)
        self.bonds += self.bonds.T

    def initial(self, n):
        return np.full((n, self.sites), -1)

    def encode(self, states):
        return np.hstack([states == 0, states == 1]).astype(np.uint8)

    def decode(self, rows):
        down, up = rows[:, : self.sites].astype(int), rows[:, self.sites :].astype(int)
        return up - (1 - down - up)

    def mask(self, states):
        return np.tile(states < 0, 2)

    def step(self, states, actions):
        states = states.copy()
        states[np.arange(len(states)), actions % self.sites] = actions // self.sites
        return states, (states >= 0).all(axis=1)

    def parents(self, states, done):
        return (states >= 0).sum(axis=1)

    def log_reward(self, states):
        spins = 2 * states - 1
        return self.beta * self.coupling * np.einsum("ni,ij,nj->n", spins, self.bonds, spins) / 2
