package suites

import (
	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
)

// Keys of a cell, in the order of the columns. The first are axes of a [[grid]],
// with the parameters that objectives declare between them; the others are [run]
// keys.
var (
	keyObjective      = &Key{Param: param.Param{Name: "objective", Type: param.String, Doc: "training objective"}}
	keyControlVariate = &Key{Param: param.Param{Name: "control_variate", Type: param.String, Default: param.Of("none"),
		Doc: "variance reduction of the gradient"}, byObjective: true, applies: func(c *config) bool { return takesControlVariate(c.objective) }}
	keyTrainer = &Key{Param: param.Param{Name: "trainer", Type: param.String, Default: param.Of(OwnTrainer),
		Doc: "program that trains the cell: gfnbench, or the name of a [trainer.NAME]"}}

	keySeeds = &Key{Param: param.Param{Name: "seeds", Type: param.Ints, Default: param.Of([]int{0, 1, 2}), Range: param.Between(0, 1<<31),
		Doc: "number of seeds (indices 0, 1, ...), or a list of seed indices"}, Form: Seeds, role: manages}
	keyRootSeed = &Key{Param: param.Param{Name: "root_seed", Type: param.Int, Default: param.Of(1), Range: param.Between(0, param.Exact),
		Doc: "root of all random numbers"}, role: trains}
	keyPair = &Key{Param: param.Param{Name: "pair", Type: param.Strings, Default: param.Of([]string{"a", "alpha", "control_variate", "lambda", "objective", "optimizer.log_z_init"}),
		Doc: "axes that share random streams: cells that differ in these alone see the same random numbers. A key that applies only to some objectives is paired if the objective is"}, role: shows}
	keySteps = &Key{Param: param.Param{Name: "steps", Type: param.Int, Default: param.Of(1000), Range: param.Between(1, 1e9),
		Doc: "gradient steps"}, role: trains}
	keyBatch = &Key{Param: param.Param{Name: "batch", Type: param.Int, Default: param.Of(128), Range: param.Between(1, 1<<24),
		Doc: "trajectories per gradient step"}, role: trains}
	keyEvalEvery = &Key{Param: param.Param{Name: "eval_every", Type: param.Int, Default: param.Of(50), Range: param.Between(1, 1e9),
		Doc: "gradient steps between evaluations; step 0 and the last step are always evaluated"}, role: shows}
	keyBackward = &Key{Param: param.Param{Name: "backward", Type: param.String, Default: param.Of("uniform"), Choices: []string{"uniform", "learned"},
		Doc:  "backward policy",
		When: "discrete environments in which a state can have several parents"}, role: trains, applies: severalParents}
	keyImportance = &Key{Param: param.Param{Name: "importance", Type: param.Bool, Default: param.Of(false),
		Doc:  "weight trajectories by p_F over the behaviour policy when exploring",
		When: "the divergences, on discrete environments, where exploration is above 0"}, role: trains, byObjective: true, applies: func(c *config) bool { return !c.objective.OffPolicy && !c.continuous() }}
	keyExploration = &Key{Param: param.Param{Name: "exploration", Type: param.Float, Default: param.Of(0.0), Range: param.AtLeast(0).Below(1),
		Doc:  "epsilon of the epsilon-uniform behaviour policy",
		When: "balance and regression losses, divergences only with importance = true; discrete environments"}, role: trains, byObjective: true, applies: func(c *config) bool {
		return !c.continuous() && (c.objective.OffPolicy || c.bool(keyImportance))
	}}
	keyClipNorm = &Key{Param: param.Param{Name: "clip_norm", Type: param.Float, Default: param.Of(0.0), Range: param.Between(0, 1e300),
		Doc: "largest norm of the network's gradient; larger ones are scaled down to it. 0 turns clipping off. log Z's gradient is neither counted nor clipped"}, role: trains}

	keyPolicyKind = &Key{Param: param.Param{Name: "policy.kind", Type: param.String, Choices: []string{"mlp", "deep-set", "gin", "mixture"},
		Doc: "network and policy; by default the environment's first: mixture for continuous environments, gin for phylo, else mlp"}, role: trains}
	keyHidden = &Key{Param: param.Param{Name: "policy.hidden", Type: param.Ints, Default: param.Of([]int{64, 64}), Range: param.Between(1, 1<<16),
		Doc: "widths of the hidden layers; gin has a layer for each, all of one width, such as [64, 64]"}, role: trains}
	keyActivation = &Key{Param: param.Param{Name: "policy.activation", Type: param.String, Default: param.Of("leaky-relu"), Choices: []string{"relu", "leaky-relu"},
		Doc: "activation of the hidden layers; leaky-relu has the slope 0.01"}, role: trains}
	keyOutputInit = &Key{Param: param.Param{Name: "policy.output_init", Type: param.String, Default: param.Of("zero"), Choices: []string{"zero", "torch"},
		Doc: "initial output layer: zero makes the first policy uniform over the legal actions, torch is PyTorch's default"}, role: trains}
	keyComponents = &Key{Param: param.Param{Name: "policy.components", Type: param.Int, Default: param.Of(5), Range: param.Between(1, 4096),
		Doc:  "mixture components of each coordinate",
		When: "policy.kind mixture"}, role: trains, applies: func(c *config) bool { return c.text(keyPolicyKind) == "mixture" }}
	keyAnchors = &Key{Param: param.Param{Name: "policy.anchors", Type: param.Float, Default: param.Of(3.0), Range: param.Between(0, 1e6),
		Doc:  "half the width of the interval over which the components' means are spread at the start, evenly and around 0; with 0 they start where the network puts them, which needs output_init torch",
		When: "policy.kind mixture"}, role: trains, later: true, applies: func(c *config) bool { return c.text(keyPolicyKind) == "mixture" }}
	keyReadout = &Key{Param: param.Param{Name: "policy.readout", Type: param.String, Default: param.Of("roots"), Choices: []string{"roots", "forest", "forest-linear"},
		Doc:  "what the network reads its outputs from: the roots' embeddings; the sum over all nodes of the forest, by two layers; or that sum by a linear layer alone",
		When: "policy.kind gin"}, role: trains, later: true, applies: func(c *config) bool { return c.text(keyPolicyKind) == "gin" }}
	keyInput = &Key{Param: param.Param{Name: "policy.input", Type: param.String, Default: param.Of("one-hot"), Choices: []string{"one-hot", "ids", "embedding"},
		Doc:  "what the network sees of a token: a one-hot, its id as a number, or an embedding that it learns",
		When: "environments of sequences, with policy.kind mlp"}, role: trains, later: true, applies: readsTokens}
	keyEmbedding = &Key{Param: param.Param{Name: "policy.embedding", Type: param.Int, Default: param.Of(8), Range: param.Between(1, 1<<12),
		Doc:  "width of a token's embedding",
		When: "policy.input embedding"}, role: trains, later: true, applies: func(c *config) bool { return readsTokens(c) && c.text(keyInput) == "embedding" }}
	keyPad = &Key{Param: param.Param{Name: "policy.pad", Type: param.String, Default: param.Of("end"), Choices: []string{"end"}, Range: param.Between(-1<<16, 1<<16),
		Doc:  "id at positions without a token: end, the end token's, which is the number of tokens; or a number",
		When: "policy.input ids"}, Form: WordOrNumber, role: trains, later: true, applies: func(c *config) bool { return readsTokens(c) && c.text(keyInput) == "ids" }}

	keyLR = &Key{Param: param.Param{Name: "optimizer.lr", Type: param.Float, Default: param.Of(1e-3), Range: param.Above(0).To(1e3),
		Doc: "Adam's learning rate of the network"}, role: trains}
	keyLogZLR = &Key{Param: param.Param{Name: "optimizer.log_z_lr", Type: param.Float, Default: param.Of(1e-1), Range: param.Above(0).To(1e3),
		Doc: "Adam's learning rate of log Z, scheduled as optimizer.lr unless optimizer.log_z_schedule says otherwise"}, role: trains, byObjective: true, applies: func(c *config) bool { return learnsLogZ(c.objective) }}
	keyLogZInit = &Key{Param: param.Param{Name: "optimizer.log_z_init", Type: param.String, Default: param.Of("zero"), Choices: []string{"zero", "shift", "batch", "exact"},
		Doc: "log Z at the start: zero; shift, the first batch's largest log r (not the shift of log w); batch, the first batch's mean of log w; exact, where log Z is known; each of these with an offset in nats, as in \"shift+6\"; or a number"}, Form: Start, role: trains, byObjective: true, applies: func(c *config) bool { return learnsLogZ(c.objective) }}
	keySchedule = &Key{Param: param.Param{Name: "optimizer.schedule", Type: param.String, Default: param.Of("polynomial"), Choices: []string{"polynomial", "cosine", "constant"},
		Doc: "factor on both learning rates at step t of T: polynomial, (1 - t/T)^power; cosine, (1 + cos(π t/T))/2; constant, 1"}, role: trains}
	keyLogZSchedule = &Key{Param: param.Param{Name: "optimizer.log_z_schedule", Type: param.String, Default: param.Of("same"), Choices: []string{"same", "polynomial", "cosine", "constant"},
		Doc: "factor on log Z's learning rate: same, as optimizer.schedule, or another of these"}, role: trains, byObjective: true, later: true, applies: func(c *config) bool { return learnsLogZ(c.objective) }}
	keyPower = &Key{Param: param.Param{Name: "optimizer.power", Type: param.Float, Default: param.Of(1.0), Range: param.Above(0).To(100),
		Doc:  "power of the polynomial; 1 is linear",
		When: "optimizer.schedule or optimizer.log_z_schedule polynomial"}, role: trains, applies: func(c *config) bool {
		return c.text(keySchedule) == "polynomial" || learnsLogZ(c.objective) && c.text(keyLogZSchedule) == "polynomial"
	}}
	keyBeta1 = &Key{Param: param.Param{Name: "optimizer.beta1", Type: param.Float, Default: param.Of(0.9), Range: param.AtLeast(0).Below(1),
		Doc: "Adam's decay of the first moment"}, role: trains}
	keyBeta2 = &Key{Param: param.Param{Name: "optimizer.beta2", Type: param.Float, Default: param.Of(0.999), Range: param.AtLeast(0).Below(1),
		Doc: "Adam's decay of the second moment"}, role: trains}
	keyEpsilon = &Key{Param: param.Param{Name: "optimizer.epsilon", Type: param.Float, Default: param.Of(1e-8), Range: param.Above(0).To(1),
		Doc: "Adam's epsilon"}, role: trains}

	keyEvalMode = &Key{Param: param.Param{Name: "eval.mode", Type: param.String, Default: param.Of("auto"), Choices: []string{"auto", "exact", "sampled"},
		Doc: "auto: exact if the states can be enumerated; exact: reject the suite if they cannot; sampled: never exact"}, role: shows}
	keySamples = &Key{Param: param.Param{Name: "eval.samples", Type: param.Int, Default: param.Of(8), Range: param.Between(1, 1<<24),
		Doc: "exact target samples of an estimated metric, before the last step; by default 1024 for gmm and banana"}, role: shows}
	keyFinalSamples = &Key{Param: param.Param{Name: "eval.final_samples", Type: param.Int, Default: param.Of(64), Range: param.Between(1, 1<<24),
		Doc: "exact target samples of an estimated metric at the last step; by default 8192 for gmm and banana"}, role: shows}
	keyFrom = &Key{Param: param.Param{Name: "eval.from", Type: param.String, Default: param.Of("target"), Choices: []string{"target", "both"},
		Doc:  "whose samples estimate the metrics: target, or both, half of them the policy's, which also see where policy and target do not overlap; both by default, but for sets whose elements' values lie within 2 of each other, as the paper's",
		When: "environments that cannot be enumerated or with eval.mode sampled, but have exact target samples and exact p_T at single states, or no known log Z"}, role: shows, later: true, applies: takesSides}
	keyMaxStates = &Key{Param: param.Param{Name: "eval.max_states", Type: param.Int, Default: param.Of(1_000_000), Range: param.Between(1, 1<<30),
		Doc:  "most states to enumerate; beyond 16777216 no environment is enumerated",
		When: discreteDoc}, role: shows, applies: discrete}
	keyBackwardSamples = &Key{Param: param.Param{Name: "eval.backward_samples", Type: param.Int, Default: param.Of(0), Range: param.Between(0, 1<<20),
		Doc:  "backward trajectories to each terminal state that estimate p_T in the metric l1_mc; 0 leaves the metric out",
		When: discreteDoc}, role: shows, later: true, applies: discrete}
	keyHistogramSamples = &Key{Param: param.Param{Name: "eval.histogram_samples", Type: param.Int, Default: param.Of(0), Range: param.Between(0, 1<<30),
		Doc:  "samples of the policy in the histogram of the metric l1_hist; 0 leaves the metric out",
		When: discreteDoc}, role: shows, later: true, applies: discrete}
	keyHeldOut = &Key{Param: param.Param{Name: "eval.held_out", Type: param.Int, Default: param.Of(0), Range: param.Between(0, 1<<16),
		Doc:  "terminal states, the same for every run in an instance, on which the metric spearman correlates log p_T and log r; 0 leaves the metric out",
		When: discreteDoc}, role: shows, later: true, applies: discrete}
	keyLogSAlpha = &Key{Param: param.Param{Name: "eval.log_s_alpha", Type: param.Bool, Default: param.Of(false),
		Doc: "also measure log_s_alpha, which does not overflow at an extreme alpha; s_alpha is then null where it does"}, role: shows, later: true}
	keyTopK = &Key{Param: param.Param{Name: "top_k", Type: param.Int, Default: param.Of(100), Range: param.Between(1, 1<<20),
		Doc:  "distinct terminal states in the metric top_k",
		When: discreteDoc}, role: shows, applies: discrete}
	keyQuantile = &Key{Param: param.Param{Name: "modes.quantile", Type: param.Float, Default: param.Of(0.995), Range: param.Between(0, 1),
		Doc:  "a mode is a terminal state whose reward is at or above this quantile",
		When: "discrete environments, where modes.threshold is not given"}, role: shows, applies: func(c *config) bool { return discrete(c) && c.value(keyThreshold).IsNull() }}
	keyThreshold = &Key{Param: param.Param{Name: "modes.threshold", Type: param.Float, Range: param.Above(0).To(1e300),
		Doc:  "a mode is a terminal state whose reward is at or above this",
		When: discreteDoc}, role: shows, applies: discrete}
	keyFCSSize = &Key{Param: param.Param{Name: "fcs.size", Type: param.Int, Default: param.Of(128), Range: param.Between(2, 1<<16),
		Doc:  "terminal states in a subset of the metric fcs",
		When: "discrete environments, where fcs.count is above 0"}, role: shows, applies: func(c *config) bool { return discrete(c) && c.int(keyFCSCount) > 0 }}
	keyFCSCount = &Key{Param: param.Param{Name: "fcs.count", Type: param.Int, Default: param.Of(0), Range: param.Between(0, 1<<20),
		Doc:  "subsets of the metric fcs; 0 leaves the metric out",
		When: discreteDoc}, role: shows, applies: discrete}

	keyTimeout = &Key{Param: param.Param{Name: "timeout", Type: param.String, Default: param.Of("0s"),
		Doc: "longest time a cell may take over all attempts, such as \"30m\"; 0s means no limit. sweep retry gives a timed-out cell the full time again"}, Form: Duration, role: manages}
	keyCheckpointEvery = &Key{Param: param.Param{Name: "checkpoint_every", Type: param.String, Default: param.Of("30s"),
		Doc: "time between the checkpoints of a running cell; 0s writes none"}, Form: Duration, role: manages}
)

const discreteDoc = "discrete environments"

// runKeys are the keys of [run]. A key comes after those that decide whether it
// applies.
var runKeys = []*Key{
	keySeeds, keyRootSeed, keyPair,
	keySteps, keyBatch, keyEvalEvery, keyBackward, keyImportance, keyExploration, keyClipNorm,
	keyPolicyKind, keyHidden, keyActivation, keyOutputInit, keyComponents, keyReadout, keyInput, keyEmbedding, keyPad, keyAnchors,
	keyLR, keyLogZLR, keyLogZInit, keySchedule, keyLogZSchedule, keyPower, keyBeta1, keyBeta2, keyEpsilon,
	keyEvalMode, keySamples, keyFinalSamples, keyMaxStates, keyFrom, keyBackwardSamples, keyHistogramSamples, keyHeldOut, keyLogSAlpha,
	keyTopK, keyThreshold, keyQuantile, keyFCSCount, keyFCSSize,
	keyTimeout, keyCheckpointEvery,
}

func discrete(c *config) bool { return !c.continuous() }

// takesSides reports whether metrics are estimated from samples that may come from the
// target or from both sides.
func takesSides(c *config) bool {
	in, mode := c.instance.shared, c.text(keyEvalMode)
	return in.Sides() && mode != "exact" && (mode == "sampled" || !in.Enumerable(c.int(keyMaxStates)).OK)
}

// readsTokens reports whether the policy is a network on sequences of tokens.
func readsTokens(c *config) bool {
	_, ok := c.instance.shared.Env.(env.Sequential)
	return ok && c.text(keyPolicyKind) == "mlp"
}
