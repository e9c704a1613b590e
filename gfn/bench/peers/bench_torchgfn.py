"""Time of a training iteration of torchgfn: sample a batch on-policy, loss,
backward, optimizer step. See README.md; prints one JSON object."""

import measure

# The variants differ in where log P_F of the sampled actions comes from: "keep" stores
# it, with its graph, while sampling; "recalculate" samples without gradients and
# evaluates all visited states in one batch afterwards, as torchgfn's own benchmark does.
VARIANTS = ("recalculate", "keep")

args = measure.parse("torchgfn", VARIANTS)

import copy
import importlib.metadata
import math
import time
import warnings

warnings.filterwarnings("ignore", category=FutureWarning)

import torch
from gfn.estimators import DiscretePolicyEstimator
from gfn.gflownet import TBGFlowNet
from gfn.gym import HyperGrid, NonAutoregressiveBitSequence
from gfn.preprocessors import KHotPreprocessor, Preprocessor
from gfn.samplers import Sampler
from gfn.utils.modules import MLP


class WordPreprocessor(Preprocessor):
    """One-hot code of every word of a sequence; -1, the empty place, is a word too."""

    def __init__(self, words, vocabulary):
        super().__init__(output_dim=words * (vocabulary + 1))
        self.vocabulary = vocabulary

    def preprocess(self, states):
        return torch.nn.functional.one_hot(states.tensor + 1, self.vocabulary + 1).flatten(-2)


def environment():
    """The environment and the input coding of its states."""
    if args.env == "hypergrid":
        env = HyperGrid(
            ndim=args.dim,
            height=args.height,
            reward_fn_str="original",
            reward_fn_kwargs={"R0": measure.R0, "R1": measure.R1, "R2": measure.R2},
            validate_modes=False,
            debug=False,
        )
        return env, KHotPreprocessor(height=args.height, ndim=args.dim)
    word = int(math.log2(args.height))
    env = NonAutoregressiveBitSequence(
        word_size=word,
        seq_size=word * args.dim,
        n_modes=args.modes,
        reward_exponent=measure.BETA,
        seed=args.seed,
        debug=False,
    )
    return env, WordPreprocessor(args.dim, args.height)


class Trainer:
    """A policy and its optimizer."""

    def __init__(self):
        torch.manual_seed(args.seed)
        self.env, coding = environment()
        module = MLP(
            input_dim=coding.output_dim,
            output_dim=self.env.n_actions,
            hidden_dim=measure.HIDDEN,
            n_hidden_layers=measure.LAYERS,
            activation_fn="relu",
        )
        forward = DiscretePolicyEstimator(module, self.env.n_actions, preprocessor=coding)
        backward = DiscretePolicyEstimator.uniform(self.env.n_actions, preprocessor=coding)
        self.flow = TBGFlowNet(pf=forward, pb=backward, init_logZ=0.0)
        self.sampler = Sampler(estimator=forward)
        groups = [
            {"params": self.flow.pf_pb_parameters(), "lr": measure.RATE},
            {"params": self.flow.logz_parameters(), "lr": measure.LOG_Z_RATE},
        ]
        self.optimizer = torch.optim.Adam(groups, fused=True)

    def step(self, variant):
        """One training iteration."""
        keep = variant == "keep"
        with torch.set_grad_enabled(keep):
            self.batch = self.sampler.sample_trajectories(self.env, n=args.batch, save_logprobs=keep)
        self.optimizer.zero_grad()
        self.loss = self.flow.loss(self.env, self.batch, recalculate_all_logprobs=not keep)
        self.loss.backward()
        self.optimizer.step()

    def state(self):
        """A copy of everything that training changes."""
        return copy.deepcopy((self.flow.state_dict(), self.optimizer.state_dict())), torch.get_rng_state()

    def restore(self, state):
        (flow, optimizer), generator = copy.deepcopy(state)
        self.flow.load_state_dict(flow)
        self.optimizer.load_state_dict(optimizer)
        torch.set_rng_state(generator)


def run(trainer, variant, warmup, iters):
    """Seconds per timed iteration, mean trajectory length and final loss."""
    for _ in range(warmup):
        trainer.step(variant)
    seconds, lengths = [], []
    for _ in range(iters):
        start = time.perf_counter()
        trainer.step(variant)
        seconds.append(time.perf_counter() - start)
        lengths.append(trainer.batch.terminating_idx.float().mean().item())
    return seconds, sum(lengths) / len(lengths), trainer.loss.item()


def check():
    """Trains every variant and compares log Z."""
    for variant in VARIANTS:
        trainer = Trainer()
        run(trainer, variant, 0, 1000)
        measure.check(f"torchgfn {variant}", trainer.loss.item(), trainer.flow.logZ.item())


def main():
    torch.set_num_threads(args.threads)
    torch.set_num_interop_threads(1)
    # The checks that torch.distributions makes on every construction cost time.
    torch.distributions.Distribution.set_default_validate_args(False)
    if args.check:
        return check()
    trainer = Trainer()
    for _ in range(args.pretrain):
        trainer.step(VARIANTS[0])
    start = trainer.state()

    def restart(variant, warmup, iters):
        trainer.restore(start)
        return run(trainer, variant, warmup, iters)

    notes = "debug off, argument checks of torch.distributions off, fused Adam, eager mode"
    if args.env == "bitseq":
        notes += "; a sequence ends with an exit action, which counts in the trajectory length"
    version = f"{importlib.metadata.version('torchgfn')} (torch {torch.__version__})"
    measure.measured(args, "torchgfn", version, VARIANTS, restart, notes)


if __name__ == "__main__":
    main()
