package suites

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"gfnbench/gfn/objective"
)

// A Key declares one key of a suite file.
type Key struct {
	Name     string    // dotted, such as "optimizer.lr"
	Type     Type      // of its value
	Default  any       // nil: absent
	Min, Max float64   // bounds of a number or of each element, both included; both 0: none
	Above    bool      // Min itself is left out
	Below    bool      // Max itself is left out
	Not      []float64 // values between the bounds that are refused
	Choices  []string  // values that a string may have; nil: any
	Required bool      // it must be given
	Doc      string    // one line: meaning and unit
	Applies  string    // the cells it applies to; empty: all

	slot        int // place in a cell's settings
	role        role
	byObjective bool                 // whether it applies depends on the objective
	applies     func(c *config) bool // nil: always
}

// A Type is the type of a key's value.
type Type string

// The types of values.
const (
	Int      Type = "integer"
	Float    Type = "number"
	Bool     Type = "boolean"
	String   Type = "string"
	Ints     Type = "list of integers"
	Floats   Type = "list of numbers"
	Strings  Type = "list of strings"
	Duration Type = "duration"             // a string such as "90s" or "1h30m"
	Seeds    Type = "number of seeds"      // or a list of seed indices
	LogZInit Type = "word or number"       // one of Choices, or a number
	Names    Type = "name or list"         // one string, or several
	Select   Type = "selector"             // a table from keys to a value or a list of values
	Settings Type = "settings"             // a table of [run] keys
	Metrics  Type = "metric or table"      // a metric, or a table from environments to metrics
	Nested   Type = "table of tables"      // of strings
	Options  Type = "table of any strings" // to string, number or boolean
)

// A role says what a key of a cell is for.
type role uint8

const (
	axis    role = iota // of a [[grid]] alone
	trains              // changes training: enters the id and the random streams
	shows               // changes what is measured or shared: enters the id alone
	manages             // changes neither
)

// alphaExcluded are the limits at which the divergences are the KLs.
var alphaExcluded = []float64{0, 1}

// Keys of a cell, in the order of the columns. The first are axes of a
// [[grid]], the others [run] keys.
var (
	keyObjective = &Key{Name: "objective", Type: String, Doc: "training objective"}
	keyAlpha     = &Key{Name: "alpha", Type: Float, Not: alphaExcluded, Doc: "order of the divergence; 0 is forward-kl and 1 is reverse-kl",
		Applies: "objectives renyi and tsallis, which need it", byObjective: true, applies: func(c *config) bool { return c.objective.TakesAlpha }}
	keyA = &Key{Name: "a", Type: Float, Default: 1.0, Not: []float64{0}, Doc: "sharpness of the linear-exponential loss; on-policy its expected gradient is that of alpha = 1 - a, up to a factor",
		Applies: "objective linex", byObjective: true, applies: func(c *config) bool { return c.objective.TakesA }}
	keyLambda = &Key{Name: "lambda", Type: Float, Default: 0.9, Max: 1e3, Above: true, Doc: "weight λ^(j-i) of the sub-trajectory from state i to state j",
		Applies: "objective subtb", byObjective: true, applies: func(c *config) bool { return c.objective.TakesLambda }}
	keyControlVariate = &Key{Name: "control_variate", Type: String, Default: "none", Doc: "variance reduction of the gradient",
		Applies: "the divergences: reverse-kl, forward-kl, renyi, tsallis", byObjective: true,
		applies: func(c *config) bool { return len(c.objective.ControlVariates) > 0 }}

	keySeeds = &Key{Name: "seeds", Type: Seeds, Default: []int{0, 1, 2}, Min: 0, Max: 1 << 31, role: manages,
		Doc: "number of seeds (indices 0, 1, ...), or a list of seed indices"}
	keyRootSeed  = &Key{Name: "root_seed", Type: Int, Default: 1, Min: 0, Max: 1 << 53, role: trains, Doc: "root of all random numbers"}
	keyPair      = &Key{Name: "pair", Type: Strings, Default: sortedStrings("objective", "alpha", "a", "lambda", "control_variate", "optimizer.log_z_init"), role: shows, Doc: "axes that share random streams: cells that differ in these alone see the same random numbers. A key that applies to some objectives only is paired where the objective is"}
	keySteps     = &Key{Name: "steps", Type: Int, Default: 1000, Min: 1, Max: 1e9, role: trains, Doc: "gradient steps"}
	keyBatch     = &Key{Name: "batch", Type: Int, Default: 128, Min: 1, Max: 1 << 24, role: trains, Doc: "trajectories per gradient step"}
	keyEvalEvery = &Key{Name: "eval_every", Type: Int, Default: 50, Min: 1, Max: 1e9, role: shows, Doc: "gradient steps between evaluations; step 0 and the last step are always evaluated"}
	keyBackward  = &Key{Name: "backward", Type: String, Default: "uniform", Choices: []string{"uniform", "learned"}, role: trains, Doc: "backward policy",
		Applies: "discrete environments in which a state can have several parents", applies: severalParents}
	keyImportance = &Key{Name: "importance", Type: Bool, Default: false, role: trains, Doc: "weight trajectories by p_F over the behaviour policy when exploring",
		Applies: "the divergences, on discrete environments, where exploration is above 0", byObjective: true,
		applies: func(c *config) bool { return !c.objective.OffPolicy && !c.continuous() }}
	keyExploration = &Key{Name: "exploration", Type: Float, Default: 0.0, Min: 0, Max: 1, Below: true, role: trains, Doc: "epsilon of the epsilon-uniform behaviour policy",
		Applies: "balance and regression losses, divergences only with importance = true; discrete environments", byObjective: true,
		applies: func(c *config) bool {
			return !c.continuous() && (c.objective.OffPolicy || c.bool(keyImportance))
		}}
	keyClipNorm = &Key{Name: "clip_norm", Type: Float, Default: 0.0, Min: 0, Max: 1e300, role: trains, Doc: "largest norm of the network's gradient; longer ones are scaled down to it. 0 is off. log Z's gradient is neither counted nor clipped"}

	keyPolicyKind = &Key{Name: "policy.kind", Type: String, Choices: []string{"mlp", "gin", "mixture"}, role: trains, Doc: "network and policy; by default the environment's first: mixture for continuous environments, gin for phylo, else mlp"}
	keyHidden     = &Key{Name: "policy.hidden", Type: Ints, Default: []int{64, 64}, Min: 1, Max: 1 << 16, role: trains, Doc: "widths of the hidden layers; a gin has two of one width, such as [64, 64]"}
	keyActivation = &Key{Name: "policy.activation", Type: String, Default: "leaky-relu", Choices: []string{"relu", "leaky-relu"}, role: trains, Doc: "activation of the hidden layers; leaky-relu has the slope 0.01"}
	keyOutputInit = &Key{Name: "policy.output_init", Type: String, Default: "zero", Choices: []string{"zero", "torch"}, role: trains, Doc: "initial output layer: zero makes the first policy uniform over the legal actions, torch is PyTorch's default"}
	keyComponents = &Key{Name: "policy.components", Type: Int, Default: 5, Min: 1, Max: 4096, role: trains, Doc: "mixture components of each coordinate",
		Applies: "policy.kind mixture", applies: func(c *config) bool { return c.text(keyPolicyKind) == "mixture" }}

	keyLR       = &Key{Name: "optimizer.lr", Type: Float, Default: 1e-3, Max: 1e3, Above: true, role: trains, Doc: "Adam's learning rate of the network"}
	keyLogZLR   = &Key{Name: "optimizer.log_z_lr", Type: Float, Default: 1e-1, Max: 1e3, Above: true, role: trains, Doc: "Adam's learning rate of log Z, scheduled as optimizer.lr", Applies: learnsLogZDoc, byObjective: true, applies: learnsLogZ}
	keyLogZInit = &Key{Name: "optimizer.log_z_init", Type: LogZInit, Default: "zero", Choices: []string{"zero", "shift", "batch", "exact"}, role: trains, Doc: "log Z at the start: zero; shift, the first batch's largest log r (not the shift of log w); batch, the first batch's mean of log w; exact, where log Z is known; or a number", Applies: learnsLogZDoc, byObjective: true, applies: learnsLogZ}
	keySchedule = &Key{Name: "optimizer.schedule", Type: String, Default: "polynomial", Choices: []string{"polynomial", "cosine", "constant"}, role: trains, Doc: "factor on both learning rates at step t of T: polynomial, (1 - t/T)^power; cosine, (1 + cos(π t/T))/2; constant, 1"}
	keyPower    = &Key{Name: "optimizer.power", Type: Float, Default: 1.0, Max: 100, Above: true, role: trains, Doc: "power of the polynomial; 1 is linear",
		Applies: "optimizer.schedule polynomial", applies: func(c *config) bool { return c.text(keySchedule) == "polynomial" }}
	keyBeta1   = &Key{Name: "optimizer.beta1", Type: Float, Default: 0.9, Min: 0, Max: 1, Below: true, role: trains, Doc: "Adam's decay of the first moment"}
	keyBeta2   = &Key{Name: "optimizer.beta2", Type: Float, Default: 0.999, Min: 0, Max: 1, Below: true, role: trains, Doc: "Adam's decay of the second moment"}
	keyEpsilon = &Key{Name: "optimizer.epsilon", Type: Float, Default: 1e-8, Max: 1, Above: true, role: trains, Doc: "Adam's epsilon"}

	keyEvalMode     = &Key{Name: "eval.mode", Type: String, Default: "auto", Choices: []string{"auto", "exact", "sampled"}, role: shows, Doc: "auto: exact where the states can be enumerated; exact: refuse the suite where they cannot; sampled: never exact"}
	keySamples      = &Key{Name: "eval.samples", Type: Int, Default: 8, Min: 1, Max: 1 << 24, role: shows, Doc: "exact target samples of an estimated metric, before the last step; continuous environments want more, such as 1024"}
	keyFinalSamples = &Key{Name: "eval.final_samples", Type: Int, Default: 64, Min: 1, Max: 1 << 24, role: shows, Doc: "exact target samples of an estimated metric at the last step; continuous environments want more, such as 8192"}
	keyMaxStates    = &Key{Name: "eval.max_states", Type: Int, Default: 1_000_000, Min: 1, Max: 1 << 30, role: shows, Doc: "most states to enumerate; beyond 16777216 no environment is enumerated", Applies: discreteDoc, applies: discrete}
	keyTopK         = &Key{Name: "top_k", Type: Int, Default: 100, Min: 1, Max: 1 << 20, role: shows, Doc: "distinct terminal states in the metric top_k", Applies: discreteDoc, applies: discrete}
	keyQuantile     = &Key{Name: "modes.quantile", Type: Float, Default: 0.995, Min: 0, Max: 1, role: shows, Doc: "a mode is a terminal state whose reward is at or above this quantile",
		Applies: "discrete environments, where modes.threshold is not given", applies: func(c *config) bool { return discrete(c) && c.value(keyThreshold) == nil }}
	keyThreshold = &Key{Name: "modes.threshold", Type: Float, Max: 1e300, Above: true, role: shows, Doc: "a mode is a terminal state whose reward is at or above this", Applies: discreteDoc, applies: discrete}
	keyFCSSize   = &Key{Name: "fcs.size", Type: Int, Default: 128, Min: 2, Max: 1 << 16, role: shows, Doc: "terminal states in a subset of the metric fcs",
		Applies: "discrete environments, where fcs.count is above 0", applies: func(c *config) bool { return discrete(c) && c.int(keyFCSCount) > 0 }}
	keyFCSCount = &Key{Name: "fcs.count", Type: Int, Default: 0, Min: 0, Max: 1 << 20, role: shows, Doc: "subsets of the metric fcs; 0 leaves the metric out", Applies: discreteDoc, applies: discrete}

	keyTimeout         = &Key{Name: "timeout", Type: Duration, Default: "0s", role: manages, Doc: "longest time a cell may take over all attempts, such as \"30m\"; 0s is no limit. A cell that sweep retry takes up after a timeout has it anew"}
	keyCheckpointEvery = &Key{Name: "checkpoint_every", Type: Duration, Default: "30s", role: manages, Doc: "time between the checkpoints of a running cell; 0s writes none"}
)

const (
	learnsLogZDoc = "objectives with a learned log Z: tb, db, subtb, linex, shifted-cosh"
	discreteDoc   = "discrete environments"
)

// axisKeys are the axes that stand in a [[grid]] only.
var axisKeys = []*Key{keyObjective, keyAlpha, keyA, keyLambda, keyControlVariate}

// runKeys are the keys of [run]. A key comes after those on which its
// application depends.
var runKeys = []*Key{
	keySeeds, keyRootSeed, keyPair,
	keySteps, keyBatch, keyEvalEvery, keyBackward, keyImportance, keyExploration, keyClipNorm,
	keyPolicyKind, keyHidden, keyActivation, keyOutputInit, keyComponents,
	keyLR, keyLogZLR, keyLogZInit, keySchedule, keyPower, keyBeta1, keyBeta2, keyEpsilon,
	keyEvalMode, keySamples, keyFinalSamples, keyMaxStates,
	keyTopK, keyThreshold, keyQuantile, keyFCSCount, keyFCSSize,
	keyTimeout, keyCheckpointEvery,
}

// AxisKeys declares the axes that stand in a [[grid]] only.
func AxisKeys() []*Key { register(); return axisKeys }

// RunKeys declares the keys of [run].
func RunKeys() []*Key { register(); return runKeys }

// cellKeys are the keys of every cell, by slot.
var cellKeys = slices.Concat(axisKeys, runKeys)

// The functions applies of some keys read other keys, hence init.
func init() {
	for i, k := range cellKeys {
		k.slot = i
	}
}

// register takes the objectives from their registry, once: at the first use of
// this package, when every init that adds one has been run.
var register = sync.OnceFunc(func() {
	for _, k := range objective.Kinds {
		keyObjective.Choices = append(keyObjective.Choices, k.Name)
		for _, cv := range k.ControlVariates {
			if !slices.Contains(keyControlVariate.Choices, cv) {
				keyControlVariate.Choices = append(keyControlVariate.Choices, cv)
			}
		}
	}
})

func discrete(c *config) bool { return !c.continuous() }

func learnsLogZ(c *config) bool { return c.objective.LearnsLogZ }

// cellKey is the key of that name among those of every cell, or nil.
func cellKey(name string) *Key { return keyOf(cellKeys, name) }

func keyOf(keys []*Key, name string) *Key {
	for _, k := range keys {
		if k.Name == name {
			return k
		}
	}
	return nil
}

// names lists the keys' names.
func names(keys []*Key) []string {
	list := make([]string, len(keys))
	for i, k := range keys {
		list[i] = k.Name
	}
	return list
}

func sortedStrings(s ...string) []string {
	slices.Sort(s)
	return s
}

// distant is where an upper bound is so far off that only a value beyond it is
// told of it.
const distant = 1 << 20

// Range is the key's bounds in words, or empty.
func (k *Key) Range() string {
	var parts []string
	switch {
	case k.Above:
		parts = append(parts, fmt.Sprintf("above %v", k.Min))
	case k.Min != 0 || k.Max != 0:
		parts = append(parts, fmt.Sprintf("at least %v", k.Min))
	}
	switch {
	case k.Max == 0 || k.Max >= distant:
	case k.Below:
		parts = append(parts, fmt.Sprintf("below %v", k.Max))
	default:
		parts = append(parts, fmt.Sprintf("at most %v", k.Max))
	}
	for _, x := range k.Not {
		parts = append(parts, fmt.Sprintf("not %v", x))
	}
	return strings.Join(parts, ", ")
}

// inRange applies bounds and exclusions.
func (k *Key) inRange(x float64) bool {
	if slices.Contains(k.Not, x) || k.Above && x <= k.Min || k.Below && x >= k.Max {
		return false
	}
	return k.Min == 0 && k.Max == 0 || k.Min <= x && x <= k.Max && !math.IsNaN(x)
}
