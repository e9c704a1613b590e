"""gfnx 0.0.1 as a trainer for gfnbench: its environments, rewards, rollouts and log-probabilities
of trajectories. The package has no losses: those here are written as its baselines write them.

The settings are the suite's, so what differs from other trainers is the library."""

import functools
import json
import os
import pickle

os.environ["JAX_PLATFORMS"] = "cpu"
os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1")
# What was compiled is kept: a run takes longer to compile than to train.
cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", os.path.join(cache, "gfnbench", "jax"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0.1")

import equinox as eqx
import gfnx
import jax
import jax.numpy as jnp
import numpy as np
import optax
from gfnx.utils.rollout import TrajectoryData

from gfnbench_environments import environment
from gfnbench_trainer import Refusal, Trainer, serve


def hypergrid(run, ours):
    p = run["environment"]["params"]
    env = gfnx.HypergridEnvironment(gfnx.GeneralHypergridRewardModule(p["r0"], p["r1"], p["r2"]), p["dim"], p["height"])
    state = lambda x: gfnx.HypergridEnvState(state=x, **flags(x, (x == 0).all(axis=1)))
    return env, env.init(jax.random.PRNGKey(0)), state, lambda obs: obs


def bitseq(run, ours):
    p = run["environment"]["params"]
    if p.get("distance") == "absolute":
        raise Refusal("gfnx divides the distance by the length")
    if p["length"] % 8:
        raise Refusal("gfnx's bit sequences have a length that 8 divides")
    reward = gfnx.BitseqRewardModule(p["length"], p["word"], len(ours.modes), p["beta"])
    env = gfnx.BitseqEnvironment(reward, p["length"], p["word"])
    # gfnbench's lowest bit of a word comes first, gfnx's highest: turn the modes round.
    modes = ours.modes.reshape(-1, ours.positions, ours.word)[:, :, ::-1].reshape(len(ours.modes), -1)
    params = env.init(jax.random.PRNGKey(0)).replace(reward_params={"mode_set": jnp.array(modes, bool)})
    state = lambda x: gfnx.BitseqEnvState(tokens=jnp.where(x < 0, env.pad_token, x), **flags(x, (x < 0).all(axis=1)))

    def coding(obs):  # the first token marks the beginning
        return jax.nn.one_hot(obs[:, 1:], ours.values + 1)[:, :, : ours.values].reshape(len(obs), -1)
    return env, params, state, coding


def ising(run, ours):
    p = run["environment"]["params"]
    env = gfnx.IsingEnvironment(gfnx.IsingRewardModule(), ours.sites)
    params = env.init(jax.random.PRNGKey(0))
    # x'Jx counts each bond twice.
    params = params.replace(reward_params=params.reward_params.replace(J=jnp.array(ours.bonds * p["beta"] * p["coupling"] / 2)))
    state = lambda x: gfnx.IsingEnvState(state=x.astype(jnp.int8), time=(x >= 0).sum(axis=1), **flags(x, (x < 0).all(axis=1)))
    return env, params, state, lambda obs: jnp.concatenate([obs == 0, obs == 1], axis=1).astype(jnp.float32)


def flags(x, initial):
    no = jnp.zeros(len(x), bool)
    return {"is_terminal": no, "is_initial": initial, "is_pad": no}


class Program:
    """What is compiled once for runs with the same environment, objective and settings."""

    def __init__(self, run):
        self.ours, self.settings, self.objective = environment(run), run["settings"], run["objective"]["name"]
        make = {"hypergrid": hypergrid, "bitseq": bitseq, "ising": ising}[run["environment"]["kind"]]
        self.env, self.env_params, self.state_of, self.coding = make(run, self.ours)
        s = self.settings
        if len(set(s["policy.hidden"])) != 1:
            raise Refusal("the hidden layers of equinox's MLP are of one width")
        self.activation = jax.nn.relu if s["policy.activation"] == "relu" else functools.partial(jax.nn.leaky_relu, negative_slope=0.01)

        def factor(t):
            if s["optimizer.schedule"] == "constant":
                return 1.0
            if s["optimizer.schedule"] == "cosine":
                return (1 + jnp.cos(jnp.pi * t / s["steps"])) / 2
            return (1 - t / s["steps"]) ** s.get("optimizer.power", 1)
        rates = {name: optax.adam(lambda t, r=s[rate]: r * factor(t)) for name, rate in
                 (("network", "optimizer.lr"), ("log_z", "optimizer.log_z_lr"))}
        self.optimizer = optax.multi_transform(rates, {"network": "network", "log_z": "log_z"})
        self.rollout = jax.jit(self.roll, static_argnums=2)
        self.train = jax.jit(self.descend_many)
        self.update = jax.jit(self.descend)
        self.replay = jax.jit(self.follow)
        self.value = jax.jit(self.loss)
        self.table = jax.jit(self.log_policy)

    def initial(self, seed):
        """Parameters and the optimiser's state at step 0."""
        width, outputs = self.settings["policy.hidden"], self.ours.actions + (self.objective == "db")
        net = eqx.nn.MLP(self.ours.features, outputs, width[0], len(width), activation=self.activation, key=jax.random.PRNGKey(seed % 2**32))
        weights, self.static = eqx.partition(net, eqx.is_array)
        if self.settings["policy.output_init"] == "zero":
            last = lambda w: (w.layers[-1].weight, w.layers[-1].bias)
            weights = eqx.tree_at(last, weights, tuple(map(jnp.zeros_like, last(weights))))
        params = {"network": weights, "log_z": jnp.zeros(())}
        return params, self.optimizer.init(params)

    def outputs(self, network, obs):
        """Logits, and log F where the objective has flows. A pair of arrays in the
        network's place is a table: rows of features, and what the network would say."""
        features = self.coding(obs)
        if isinstance(network, tuple):
            rows, values = network
            return values[(features[:, None, :] == rows[None]).all(axis=2).argmax(axis=1)]
        return jax.vmap(eqx.combine(network, self.static))(features)

    def policy(self, network, obs):
        out = self.outputs(network, obs)
        return {"forward_logits": out[:, : self.ours.actions], "flow": out[:, -1],
                "backward_logits": jnp.zeros((len(obs), self.env.backward_action_space.n))}

    def roll(self, params, key, n):
        def act(_, obs, network):
            out = self.policy(network, obs)
            return out["forward_logits"], out
        return gfnx.utils.forward_rollout(key, n, act, params["network"], self.env, self.env_params)[0]

    def follow(self, actions):
        """Given actions, a row for each trajectory, as the library's trajectories."""
        obs, state = self.env.reset(len(actions), self.env_params)

        def step(carry, action):
            obs, state = carry
            after, next_state, log_r, done, _ = self.env.step(state, action, self.env_params)
            return (after, next_state), TrajectoryData(obs=obs, state=state, action=action, log_gfn_reward=log_r,
                                                       done=done, pad=next_state.is_pad, info={})
        _, batch = jax.lax.scan(step, (obs, state), actions.T)
        return jax.tree.map(lambda x: jnp.swapaxes(x, 0, 1), batch)

    def loss(self, params, batch):
        """The objective's value on a batch, and what the policy says of it."""
        rows = self.policy(params["network"], batch.obs.reshape((-1,) + batch.obs.shape[2:]))
        batch = batch.replace(info=jax.tree.map(lambda x: x.reshape(batch.pad.shape + x.shape[1:]), rows))
        log_pf, log_pb = gfnx.utils.forward_trajectory_log_probs(self.env, batch, self.env_params)
        log_r = jnp.where(batch.pad, 0.0, batch.log_gfn_reward).sum(axis=1)
        flow = batch.info["flow"] + params["log_z"]  # as in gfnbench, a scalar is a part of every log F
        says = {"log_pf": log_pf, "log_pb": log_pb, "log_r": log_r, "log_f": flow, "lengths": (~batch.pad).sum(axis=1)}
        if self.objective == "tb":
            return jnp.mean((params["log_z"] + log_pf - log_pb - log_r) ** 2), says
        # Detailed balance: the library's log-probabilities of each transition alone.
        def transition(t):
            pair = jax.tree.map(lambda x: jax.lax.dynamic_slice_in_dim(x, t, 2, axis=1), batch)
            return gfnx.utils.forward_trajectory_log_probs(self.env, pair, self.env_params)
        step_pf, step_pb = (x.T for x in jax.lax.map(transition, jnp.arange(batch.pad.shape[1] - 1)))
        live, done = ~batch.pad[:, :-1], batch.done[:, :-1]
        after = jnp.where(done, batch.log_gfn_reward[:, :-1], flow[:, 1:])
        residual = jnp.where(live, flow[:, :-1] + step_pf - after - step_pb, 0.0)
        return jnp.mean((residual**2).sum(axis=1)), says

    def descend(self, params, state, batch):
        (loss, _), gradient = jax.value_and_grad(self.loss, has_aux=True)(params, batch)
        updates, state = self.optimizer.update(gradient, state, params)
        return optax.apply_updates(params, updates), state, loss

    def descend_many(self, params, state, key, step, to):
        """Steps from `step` to `to`, each with random numbers of its own."""
        def body(t, carry):
            params, state, _ = carry
            batch = jax.lax.stop_gradient(self.roll(params, jax.random.fold_in(key, t), self.settings["batch"]))
            return self.descend(params, state, batch.replace(info={}))
        return jax.lax.fori_loop(step, to, body, (params, state, jnp.zeros(())))

    def log_policy(self, params, x):
        state = self.state_of(x)
        out = self.policy(params["network"], self.env.get_obs(state, self.env_params))["forward_logits"]
        allowed = ~self.env.get_invalid_mask(state, self.env_params)
        return jnp.where(allowed, jax.nn.log_softmax(out, where=allowed, axis=-1), -jnp.inf)


@functools.lru_cache(maxsize=32)
def program(text):
    return Program(json.loads(text))


class Gfnx(Trainer):
    name, version = "gfnx", "0.0.1"
    environments, objectives = ["hypergrid", "bitseq", "ising"], ["tb", "db"]
    parameters = ["batch", "steps", "root_seed", "policy.hidden", "policy.activation", "policy.output_init",
                  "optimizer.lr", "optimizer.log_z_lr", "optimizer.schedule", "optimizer.power"]

    def start(self, run, arrays):
        self.program = program(json.dumps({k: run[k] for k in ("environment", "objective", "settings")}, sort_keys=True))
        self.key, self.step = jax.random.fold_in(jax.random.PRNGKey(run["seed"] % 2**32), run["seed"] >> 32), 0
        self.params, self.state = self.program.initial(run["seed"])

    def train(self, to):
        before, self.step = self.step, to
        self.params, self.state, loss = self.program.train(self.params, self.state, jax.random.fold_in(self.key, 1), before, to)
        if not jnp.isfinite(loss):
            return {"step": before, "diverged": True}
        return {"step": to, "loss": float(loss), "log_z": self.log_z(), "trajectories": to * self.program.settings["batch"]}

    def log_z(self):
        return float(self.params["log_z"]) if self.program.objective == "tb" else None

    def log_probabilities(self, states, of, terminal):
        # As many states as a power of two, or each number of them is compiled for.
        n = len(states)
        rows = np.resize(self.program.ours.decode(states), (1 << (n - 1).bit_length(), *self.program.ours.initial(1).shape[1:]))
        return np.asarray(self.program.table(self.params, jnp.array(rows)))[:n]

    def sample(self, n, seed):
        batch = self.program.rollout(self.params, jax.random.fold_in(jax.random.fold_in(self.key, 2), seed), n)
        says = self.says(batch)
        actions = np.asarray(batch.action)[~np.asarray(batch.pad)]
        return {"start": np.concatenate([[0], says["lengths"].cumsum()]), "actions": actions.astype(np.int64),
                **{k: says[k].astype(np.float64) for k in ("log_pf", "log_pb", "log_r")}}

    def says(self, batch):
        return {k: np.asarray(v) for k, v in self.program.value(self.params, batch.replace(info={}))[1].items()}

    def pack(self, start, actions):
        grid = np.zeros((len(start) - 1, self.program.env.max_steps_in_episode + 1), np.int32)
        lengths = np.diff(start)
        grid[np.arange(grid.shape[1]) < lengths[:, None]] = actions
        return self.program.replay(jnp.array(grid))

    def loss(self, start, actions):
        batch = self.pack(start, actions)
        loss, says = self.program.value(self.params, batch)
        out = {k: np.asarray(says[k], np.float64) for k in ("log_pf", "log_pb")}
        fields = {"loss": float(loss)}
        if self.program.objective == "tb":
            fields["log_z"] = self.log_z()
        else:
            out["log_f"] = np.asarray(says["log_f"], np.float64)[~np.asarray(batch.pad)]
        return fields, out

    def update(self, start, actions):
        self.params, self.state, _ = self.program.update(self.params, self.state, self.pack(start, actions))
        self.step += 1

    def fit(self, states, log_p, log_f, log_z):
        values = np.maximum(log_p, -1e30)
        if self.program.objective == "db":
            values = np.hstack([values, log_f[:, None] - log_z])
        table = jnp.array(states, jnp.float32), jnp.array(values, jnp.float32)
        self.params = {"network": table, "log_z": jnp.array(log_z, jnp.float32)}
        self.state = self.program.optimizer.init(self.params)

    def save(self):
        return pickle.dumps((self.step, [np.asarray(x) for x in jax.tree.leaves((self.params, self.state))]))

    def load(self, state):
        self.step, leaves = pickle.loads(state)
        tree = jax.tree.structure((self.params, self.state))
        self.params, self.state = jax.tree.unflatten(tree, [jnp.array(x) for x in leaves])


if __name__ == "__main__":
    serve(Gfnx())
