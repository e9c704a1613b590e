"""Trajectory balance in plain numpy: a trainer for gfnbench, and a pattern for others."""

import pickle

import numpy as np

from gfnbench_environments import environment
from gfnbench_trainer import Trainer, serve


class TrajectoryBalance(Trainer):
    name, version = "numpy", "1"
    environments, objectives = ["hypergrid", "bitseq", "ising"], ["tb"]
    parameters = ["batch", "steps", "policy.hidden", "policy.activation", "policy.output_init", "root_seed",
                  "optimizer.lr", "optimizer.log_z_lr", "optimizer.schedule", "optimizer.power"]

    def start(self, run, arrays):
        self.env, self.settings, self.seed = environment(run), run["settings"], run["seed"]
        self.slope = 0.01 if self.settings["policy.activation"] == "leaky-relu" else 0.0
        self.step, self.table = 0, None
        rng = np.random.default_rng([self.seed, 0])
        widths = [self.env.features, *self.settings["policy.hidden"], self.env.actions]
        self.params = []  # weights and biases in turn, with PyTorch's default initialisation, then log Z
        for i, o in zip(widths, widths[1:]):
            self.params += [rng.uniform(-1, 1, (i, o)) / np.sqrt(i), rng.uniform(-1, 1, o) / np.sqrt(i)]
        if self.settings["policy.output_init"] == "zero":
            self.params[-2:] = [0 * self.params[-2], 0 * self.params[-1]]
        self.params.append(np.zeros(1))
        self.moments = [[np.zeros_like(p), np.zeros_like(p)] for p in self.params]

    def forward(self, rows):
        """Logits, and the input of each layer."""
        inputs, x = [], rows.astype(np.float64)
        for i in range(0, len(self.params) - 1, 2):
            inputs.append(x)
            x = x @ self.params[i] + self.params[i + 1]
            if i < len(self.params) - 3:
                x = np.where(x > 0, x, self.slope * x)
        return x, inputs

    def log_policy(self, states):
        rows = self.env.encode(states)
        logits, inputs = self.forward(rows)
        if self.table:
            logits = np.array([self.table[r.tobytes()] for r in rows])
        logits = np.where(self.env.mask(states), logits, -np.inf)
        top = logits.max(axis=1, keepdims=True)
        return logits - top - np.log(np.exp(logits - top).sum(axis=1, keepdims=True)), inputs

    def walk(self, n, choose):
        """n trajectories: log p_F, log p_B, log r, and what the gradient needs of each step."""
        states, live = self.env.initial(n), np.arange(n)
        log_pf, log_pb, steps = np.zeros(n), np.zeros(n), []
        while len(live):
            log_p, inputs = self.log_policy(states[live])
            actions = choose(len(steps), live, log_p)
            steps.append((live, actions, log_p, inputs))
            log_pf[live] += log_p[np.arange(len(live)), actions]
            states[live], done = self.env.step(states[live], actions)
            log_pb[live] -= np.log(self.env.parents(states[live], done))
            live = live[~done]
        return log_pf, log_pb, self.env.log_reward(states), steps

    def draw(self, n, rng):
        def choose(_, live, log_p):
            below = np.exp(log_p).cumsum(axis=1)
            return (below / below[:, -1:] <= rng.random((len(live), 1))).sum(axis=1)
        return self.walk(n, choose)

    def replay(self, start, actions):
        return self.walk(len(start) - 1, lambda t, live, _: actions[start[live] + t])

    def descend(self, batch):
        """One step of Adam on the batch; returns its loss before."""
        log_pf, log_pb, log_r, steps = batch
        residual = self.params[-1] + log_pf - log_pb - log_r
        slope = 2 * residual / len(residual)
        grads = [np.zeros_like(p) for p in self.params]
        grads[-1][0] = slope.sum()
        for live, actions, log_p, inputs in steps:
            d = -np.exp(log_p)
            d[np.arange(len(live)), actions] += 1
            d *= slope[live, None]
            for layer in reversed(range(len(inputs))):
                x = inputs[layer]
                grads[2 * layer] += x.T @ d
                grads[2 * layer + 1] += d.sum(axis=0)
                d = d @ self.params[2 * layer].T * np.where(x > 0, 1, self.slope)
        self.adam(grads)
        return float((residual**2).mean())

    def adam(self, grads):
        s, t = self.settings, self.step
        factor = {"constant": 1.0, "cosine": (1 + np.cos(np.pi * t / s["steps"])) / 2}.get(
            s["optimizer.schedule"], (1 - t / s["steps"]) ** s.get("optimizer.power", 1))
        for i, (p, g, (m, v)) in enumerate(zip(self.params, grads, self.moments)):
            rate = s["optimizer.log_z_lr"] if i == len(grads) - 1 else s["optimizer.lr"]
            m += 0.1 * (g - m)
            v += 0.001 * (g * g - v)
            p -= factor * rate * (m / (1 - 0.9 ** (t + 1))) / (np.sqrt(v / (1 - 0.999 ** (t + 1))) + 1e-8)
        self.step += 1

    def train(self, to):
        loss = None
        while self.step < to:
            rng = np.random.default_rng([self.seed, 1, self.step])
            loss = self.descend(self.draw(self.settings["batch"], rng))
            if not np.isfinite(loss):
                return {"step": self.step - 1, "diverged": True}
        return {"step": to, "loss": loss, "log_z": float(self.params[-1][0]), "trajectories": to * self.settings["batch"]}

    def log_probabilities(self, states, of, terminal):
        return self.log_policy(self.env.decode(states))[0]

    def sample(self, n, seed):
        log_pf, log_pb, log_r, steps = self.draw(n, np.random.default_rng([self.seed, 2, seed]))
        order = np.argsort(np.concatenate([live for live, *_ in steps]), kind="stable")
        lengths = np.bincount(np.concatenate([live for live, *_ in steps]), minlength=n)
        return {"start": np.concatenate([[0], lengths.cumsum()]), "actions": np.concatenate([a for _, a, *_ in steps])[order],
                "log_pf": log_pf, "log_pb": log_pb, "log_r": log_r}

    def loss(self, start, actions):
        log_pf, log_pb, log_r, _ = self.replay(start, actions)
        log_z = float(self.params[-1][0])
        return {"loss": float(((log_z + log_pf - log_pb - log_r) ** 2).mean()), "log_z": log_z}, {"log_pf": log_pf, "log_pb": log_pb}

    def update(self, start, actions):
        self.descend(self.replay(start, actions))

    def fit(self, states, log_p, log_f, log_z):
        self.table = {row.tobytes(): p for row, p in zip(states, log_p)}
        self.params[-1][0] = log_z

    def save(self):
        return pickle.dumps((self.step, self.params, self.moments))

    def load(self, state):
        self.step, self.params, self.moments = pickle.loads(state)


if __name__ == "__main__":
    serve(TrajectoryBalance())
