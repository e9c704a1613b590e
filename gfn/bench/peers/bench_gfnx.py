"""Time of a training iteration of gfnx: sample a batch on-policy, loss, backward,
optimizer step, all compiled by XLA. See README.md; prints one JSON object."""

import measure

# The variants differ in two ways. "recalculate" evaluates the policy on the sampled
# states once more for the loss, as gfnx's baselines do; "keep" differentiates through
# the sampling loop. "step" makes one compiled call per iteration; "scan" runs CHUNK
# iterations in one compiled call, as gfnx's baselines loop on the device.
VARIANTS = ("recalculate-step", "recalculate-scan", "keep-step", "keep-scan")
CHUNK = 10

args = measure.parse("gfnx", VARIANTS)

import functools
import importlib.metadata
import math
import time
from typing import Any, NamedTuple

import equinox as eqx
import gfnx
import jax
import jax.numpy as jnp
import optax


class State(NamedTuple):
    """Everything that training changes."""

    key: Any
    params: Any
    optimizer: Any


class Trainer:
    """A policy, its optimizer and the compiled iteration."""

    def __init__(self):
        self.env = environment()
        key, env_key, net_key = jax.random.split(jax.random.PRNGKey(args.seed), 3)
        self.env_params = self.env.init(env_key)
        network = eqx.nn.MLP(
            in_size=input_size(self.env),
            out_size=self.env.action_space.n,
            width_size=measure.HIDDEN,
            depth=measure.LAYERS,
            activation=jax.nn.relu,
            key=net_key,
        )
        weights, self.static = eqx.partition(network, eqx.is_array)
        params = {"network": weights, "log_z": jnp.zeros(())}
        rates = {"network": optax.adam(measure.RATE), "log_z": optax.adam(measure.LOG_Z_RATE)}
        self.optimizer = optax.multi_transform(rates, {"network": "network", "log_z": "log_z"})
        self.state = State(key, params, self.optimizer.init(params))

    def policy(self, weights, observations):
        """Logits of the forward policy and the zero logits of the uniform backward policy."""
        network = eqx.combine(weights, self.static)
        logits = jax.vmap(network)(encode(self.env, observations))
        return {
            "forward_logits": logits,
            "backward_logits": jnp.zeros((len(logits), self.env.backward_action_space.n)),
        }

    def rollout(self, key, weights):
        def act(_, observations, weights):
            outputs = self.policy(weights, observations)
            return outputs["forward_logits"], outputs

        return gfnx.utils.forward_rollout(
            rng_key=key,
            num_envs=args.batch,
            policy_fn=act,
            policy_params=weights,
            env=self.env,
            env_params=self.env_params,
        )

    def loss(self, params, key, variant):
        """Trajectory balance on a new batch, and the mean number of its actions."""
        batch, info = self.rollout(key, params["network"])
        if variant.startswith("recalculate"):
            batch = jax.lax.stop_gradient(batch)
            observations = batch.obs.reshape((-1,) + batch.obs.shape[2:])
            outputs = self.policy(params["network"], observations)
            rows = jax.tree.map(lambda x: x.reshape(batch.obs.shape[:2] + x.shape[1:]), outputs)
            batch = batch.replace(info=rows)
        log_pf, log_pb = gfnx.utils.forward_trajectory_log_probs(self.env, batch, self.env_params)
        log_reward = jnp.where(batch.pad, 0.0, batch.log_gfn_reward).sum(axis=1)
        loss = jnp.mean((params["log_z"] + log_pf - log_pb - log_reward) ** 2)
        return loss, info["trajectory_length"].mean()

    def iteration(self, state, variant):
        """The next state, the loss and the mean trajectory length."""
        key, sample_key = jax.random.split(state.key)
        gradient = jax.value_and_grad(self.loss, has_aux=True)
        (loss, length), gradient = gradient(state.params, sample_key, variant)
        updates, optimizer = self.optimizer.update(gradient, state.optimizer, state.params)
        params = optax.apply_updates(state.params, updates)
        return State(key, params, optimizer), (loss, length)

    @functools.cache
    def compiled(self, variant):
        """The iterations that one compiled call makes, and the function to call."""
        step = functools.partial(self.iteration, variant=variant)
        if variant.endswith("step"):
            return 1, jax.jit(step, donate_argnums=0)
        steps = lambda state: jax.lax.scan(lambda s, _: step(s), state, length=CHUNK)
        return CHUNK, jax.jit(steps, donate_argnums=0)

    def train(self, variant, state, iters):
        """At least iters iterations: the last state, seconds per iteration of every
        call, mean trajectory length and last loss."""
        size, call = self.compiled(variant)
        seconds, lengths = [], []
        for _ in range(-(-iters // size)):
            start = time.perf_counter()
            state, (loss, length) = jax.block_until_ready(call(state))
            seconds.append((time.perf_counter() - start) / size)
            lengths.append(jnp.mean(length))
        return state, seconds, float(jnp.mean(jnp.array(lengths))), float(jnp.ravel(loss)[-1])


def environment():
    if args.env == "hypergrid":
        reward = gfnx.GeneralHypergridRewardModule(R0=measure.R0, R1=measure.R1, R2=measure.R2)
        return gfnx.HypergridEnvironment(reward, dim=args.dim, side=args.height)
    word = int(math.log2(args.height))
    reward = gfnx.BitseqRewardModule(
        sentence_len=word * args.dim, k=word, mode_set_size=args.modes, reward_exponent=measure.BETA
    )
    return gfnx.BitseqEnvironment(reward, n=word * args.dim, k=word)


def input_size(env):
    return env.observation_space.shape[0] if args.env == "hypergrid" else args.dim * (args.height + 1)


def encode(env, observations):
    """The network's input: gfnx codes grid states itself; of a sequence the first token,
    which marks its beginning, is dropped and the others, the empty place among them, are one-hot."""
    if args.env == "hypergrid":
        return observations
    return jax.nn.one_hot(observations[:, 1:], args.height + 1).reshape(len(observations), -1)


def check():
    """Trains every variant and compares log Z."""
    for variant in VARIANTS:
        trainer = Trainer()
        state, _, _, loss = trainer.train(variant, trainer.state, 1000)
        measure.check(f"gfnx {variant}", loss, float(state.params["log_z"]))


def main():
    if args.check:
        return check()
    trainer = Trainer()
    start = trainer.state
    if args.pretrain:
        start, *_ = trainer.train("keep-step", start, args.pretrain)

    def run(variant, warmup, iters):
        # The first call compiles, so there is always a warm-up.
        state, *_ = trainer.train(variant, jax.tree.map(jnp.copy, start), max(1, warmup))
        return trainer.train(variant, state, iters)[1:]

    notes = "compiled; every trajectory is padded to the longest possible one"
    version = f"{importlib.metadata.version('gfnx')} (jax {jax.__version__})"
    measure.measured(args, "gfnx", version, VARIANTS, run, notes)


if __name__ == "__main__":
    main()
