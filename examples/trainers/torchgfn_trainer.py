"""torchgfn 2.4.1 as a trainer for gfnbench: its environments, networks, sampler and losses.

The settings are the suite's, so what differs from other trainers is the library. Two things
are this file's: the batch's words of a bit sequence are numbered as gfnbench numbers them, and
detailed balance is summed over a trajectory, where the library by default takes the mean over
all transitions of the batch."""

import io
import os
import warnings

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ["CUDA_VISIBLE_DEVICES"] = ""
warnings.filterwarnings("ignore")

import numpy as np
import torch
from gfn.containers import Trajectories
from gfn.estimators import DiscretePolicyEstimator, ScalarEstimator
from gfn.gflownet import DBGFlowNet, SubTBGFlowNet, TBGFlowNet
from gfn.gym import HyperGrid, NonAutoregressiveBitSequence
from gfn.preprocessors import KHotPreprocessor, Preprocessor
from gfn.samplers import Sampler
from gfn.utils.modules import MLP

from gfnbench_environments import environment
from gfnbench_trainer import Refusal, Trainer, serve

torch.set_num_threads(1)
torch.distributions.Distribution.set_default_validate_args(False)


class Words(Preprocessor):
    """One-hot words of a sequence, nothing where a place is empty (-1)."""

    def __init__(self, places, values):
        super().__init__(output_dim=places * values)
        self.values = values

    def preprocess(self, states):
        return torch.nn.functional.one_hot(states.tensor + 1, self.values + 1)[..., 1:].flatten(-2)


class Table(torch.nn.Module):
    """Given values in a network's place, by its input."""

    def __init__(self, rows, values):
        super().__init__()
        self.index = {row.tobytes(): i for i, row in enumerate(rows)}
        self.values = torch.nn.Parameter(torch.tensor(np.vstack([values, np.zeros_like(values[:1])]), dtype=torch.float32))

    def forward(self, x):
        rows = x.reshape(-1, x.shape[-1]).to(torch.uint8).numpy()
        return self.values[[self.index.get(r.tobytes(), -1) for r in rows]].reshape(*x.shape[:-1], -1)


class Shifted(torch.nn.Module):
    """A network with a scalar added to its output, which has log Z's learning rate: log F of
    gfnbench is of this form."""

    def __init__(self, net):
        super().__init__()
        self.net, self.logZ = net, torch.nn.Parameter(torch.zeros(()))

    def forward(self, x):
        return self.net(x) + self.logZ


class Torchgfn(Trainer):
    name, version = "torchgfn", "2.4.1"
    environments, objectives = ["hypergrid", "bitseq"], ["tb", "db", "subtb"]
    parameters = ["batch", "steps", "root_seed", "lambda", "policy.hidden", "policy.activation", "policy.output_init",
                  "optimizer.lr", "optimizer.log_z_lr", "optimizer.schedule", "optimizer.power"]

    def start(self, run, arrays):
        self.settings, self.seed, self.objective = run["settings"], run["seed"], run["objective"]["name"]
        self.ours, self.step = environment(run), 0  # ours: states and actions of the protocol
        params = run["environment"]["params"]
        if run["environment"]["kind"] == "hypergrid":
            rewards = {"R0": params["r0"], "R1": params["r1"], "R2": params["r2"]}
            self.env = HyperGrid(params["dim"], params["height"], reward_fn_kwargs=rewards, validate_modes=False)
            self.coding = KHotPreprocessor(height=params["height"], ndim=params["dim"])
        else:
            if self.objective != "tb":
                raise Refusal("torchgfn ends a bit sequence by an action more, which is a transition more: only tb is the same")
            if params.get("distance") == "absolute":
                raise Refusal("torchgfn divides the distance by the length")
            # gfnbench's lowest bit of a word comes first, torchgfn's highest: turn the modes round.
            modes = self.ours.modes.reshape(-1, self.ours.positions, self.ours.word)[:, :, ::-1].reshape(len(self.ours.modes), -1)
            self.env = NonAutoregressiveBitSequence(params["word"], params["length"], len(modes), params["beta"], H=torch.tensor(modes.copy()))
            self.coding = Words(self.ours.positions, self.ours.values)
        self.build(run)

    def build(self, run):
        torch.manual_seed(self.seed)
        hidden = self.settings["policy.hidden"]
        if len(set(hidden)) != 1:
            raise Refusal("the hidden layers of torchgfn's MLP are of one width")
        activation = self.settings["policy.activation"].replace("-", "_")
        net = MLP(self.coding.output_dim, self.env.n_actions, hidden[0], len(hidden), activation_fn=activation)
        self.pf = DiscretePolicyEstimator(net, self.env.n_actions, preprocessor=self.coding)
        pb = DiscretePolicyEstimator.uniform(self.env.n_actions, preprocessor=self.coding)
        flow = ScalarEstimator(Shifted(MLP(self.coding.output_dim, 1, hidden[0], trunk=net.trunk)), preprocessor=self.coding)
        self.flow_of_states = flow if self.objective != "tb" else None
        if self.objective == "tb":
            self.flow = TBGFlowNet(pf=self.pf, pb=pb, init_logZ=0.0)
        elif self.objective == "db":
            self.flow = DBGFlowNet(pf=self.pf, pb=pb, logF=flow)
        else:
            self.flow = SubTBGFlowNet(pf=self.pf, pb=pb, logF=flow, weighting="geometric_within", lamda=run["objective"]["params"]["lambda"])
        if self.settings["policy.output_init"] == "zero":
            for last in [net.last_layer] + ([flow.module.net.last_layer] if self.flow_of_states else []):
                torch.nn.init.zeros_(last.weight), torch.nn.init.zeros_(last.bias)
        self.sampler = Sampler(estimator=self.pf)
        named = dict(self.flow.named_parameters())
        self.rates = [self.settings["optimizer.lr"], self.settings["optimizer.log_z_lr"]]
        groups = [[p for n, p in named.items() if n.endswith("logZ") == scalar] for scalar in (False, True)]
        self.optimizer = torch.optim.Adam([{"params": group, "lr": rate} for group, rate in zip(groups, self.rates)])

    def descend(self, batch):
        s, t = self.settings, self.step
        factor = {"constant": 1.0, "cosine": (1 + np.cos(np.pi * t / s["steps"])) / 2}.get(
            s["optimizer.schedule"], (1 - t / s["steps"]) ** s.get("optimizer.power", 1))
        for group, rate in zip(self.optimizer.param_groups, self.rates):
            group["lr"] = factor * rate
        self.optimizer.zero_grad()
        loss = self.value(batch)
        loss.backward()
        self.optimizer.step()
        self.step += 1
        return loss.item()

    def value(self, batch):
        objects = self.flow.to_training_samples(batch)
        if self.objective == "db":
            return self.flow.loss(self.env, objects, reduction="sum") / len(batch)
        return self.flow.loss(self.env, objects)

    def draw(self, n, *seed):
        torch.manual_seed(int(np.random.SeedSequence([self.seed, *seed]).generate_state(1, np.uint64)[0]) >> 1)
        with torch.no_grad():
            return self.sampler.sample_trajectories(self.env, n=n, save_logprobs=False)

    def train(self, to):
        loss = None
        while self.step < to:
            loss = self.descend(self.draw(self.settings["batch"], 1, self.step))
            if not np.isfinite(loss):
                return {"step": self.step - 1, "diverged": True}
        return {"step": to, "loss": loss, "log_z": self.log_z(), "trajectories": to * self.settings["batch"]}

    def log_z(self):
        return self.flow.logZ.item() if self.objective == "tb" else None

    def log_probabilities(self, states, of, terminal):
        states = self.env.States(torch.tensor(self.ours.decode(states)))
        with torch.no_grad():
            dist = self.pf.to_probability_distribution(states, self.pf(states))
            return torch.log(dist.probs).numpy()[:, : self.ours.actions]

    def pack(self, start, actions):
        """Given actions as the library's trajectories."""
        n, lengths = len(start) - 1, np.diff(start)
        stops = self.env.n_actions == self.ours.actions  # else the library has an action more
        longest = lengths.max() + (not stops)
        now = self.ours.initial(n)
        grid = np.full((longest, n, 1), -1)
        tensors = [torch.tensor(now)]
        for t in range(longest):
            live = np.flatnonzero(t < lengths)
            if len(live):
                a = actions[start[live] + t]
                grid[t, live, 0] = a
                now[live], done = self.ours.step(now[live], a)
            if not stops:
                grid[t, t == lengths, 0] = self.env.n_actions - 1
            ended = torch.tensor(t + 1 >= lengths + (not stops))
            tensors.append(torch.where(ended[:, None], self.env.sf, torch.tensor(now)))
        return Trajectories(self.env, self.env.States(torch.stack(tensors)), self.env.Actions(torch.tensor(grid)),
                            torch.tensor(lengths + (not stops)))

    def logs(self, batch):
        """log p_F and log p_B of trajectories, by the library's trajectory balance."""
        flow = self.flow if self.objective == "tb" else TBGFlowNet(pf=self.pf, pb=self.flow.pb)
        with torch.no_grad():
            return {name: x.sum(0).double().numpy() for name, x in zip(("log_pf", "log_pb"), flow.get_pfs_and_pbs(batch))}

    def sample(self, n, seed):
        batch = self.draw(n, 2, seed)
        lengths = batch.terminating_idx.numpy() - (self.env.n_actions != self.ours.actions)
        steps = batch.actions.tensor[..., 0].numpy()
        return {"start": np.concatenate([[0], lengths.cumsum()]), "actions": np.concatenate([steps[:k, i] for i, k in enumerate(lengths)]),
                "log_r": batch.log_rewards.double().numpy(), **self.logs(batch)}

    def loss(self, start, actions):
        batch = self.pack(start, actions)
        out = self.logs(batch)
        with torch.no_grad():
            fields = {"loss": self.value(batch).item()}
            if self.flow_of_states is None:
                fields["log_z"] = self.log_z()
            else:
                live = ~batch.states.is_sink_state[:-1]
                flows = np.zeros(live.shape)
                flows[live] = self.flow_of_states(batch.states[:-1][live]).squeeze(-1).double().numpy()
                out["log_f"] = flows.T[live.T.numpy()]
        return fields, out

    def update(self, start, actions):
        self.descend(self.pack(start, actions))

    def fit(self, states, log_p, log_f, log_z):
        rows, logits = states, np.pad(np.maximum(log_p, -1e30), ((0, 0), (0, self.env.n_actions - log_p.shape[1])))
        self.pf.module = Table(rows, logits)
        if self.flow_of_states is None:
            self.flow.logZ.data.fill_(log_z)
        else:
            self.flow_of_states.module = Table(rows, log_f[:, None])

    def save(self):
        out = io.BytesIO()
        torch.save((self.step, self.flow.state_dict(), self.optimizer.state_dict()), out)
        return out.getvalue()

    def load(self, state):
        self.step, flow, optimizer = torch.load(io.BytesIO(state))
        self.flow.load_state_dict(flow)
        self.optimizer.load_state_dict(optimizer)


if __name__ == "__main__":
    serve(Torchgfn())
