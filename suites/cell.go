package suites

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strconv"
	"time"

	"gfnbench/gfn"
	"gfnbench/gfn/env"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
	"gfnbench/suites/document"
)

// A setting is one value of one key. Cells share settings.
type setting struct {
	value     param.Value    // null if absent
	text      string         // canonical
	isDefault bool           // equals the built-in default
	at        *document.Node // where the suite gives it; nil if nowhere
}

var absent = &setting{text: param.Value{}.Canonical(), isDefault: true}

// newSetting returns the value v of k, given at n.
func newSetting(k *Key, v param.Value, n *document.Node) *setting {
	if v.IsNull() {
		return absent
	}
	return &setting{value: v, text: v.Canonical(), isDefault: v == k.Default, at: n}
}

// A config is a cell without its seed. Cells that differ only in the seed share
// it.
type config struct {
	suite       *Suite
	environment *environment
	instance    *instance
	objective   *objective.Kind
	settings    []*setting // by slot
}

func (c *config) value(k *Key) param.Value { return c.settings[k.slot].value }

func (c *config) int(k *Key) int { return c.value(k).Int() }

func (c *config) float(k *Key) float64 { return c.value(k).Float() }

func (c *config) bool(k *Key) bool { return c.value(k).Bool() }

func (c *config) text(k *Key) string { return c.value(k).Text() }

func (c *config) continuous() bool {
	_, ok := c.instance.shared.Env.(env.Continuous)
	return ok
}

// severalParents reports whether a state of the environment can have more than
// one parent, so there is a backward policy to choose.
func severalParents(c *config) bool {
	e, ok := c.instance.shared.Env.(env.Discrete)
	return ok && e.BackwardActions() > 1
}

// body returns the canonical text of everything except the seed: a JSON object without
// its first entry. It leaves out parameters at their default, so adding a key later
// changes no id.
func (c *config) body(b []byte) []byte {
	kind := c.environment.kind
	b = append(b, `"environment":`...)
	b = append(b, param.Of(c.environment.name).Canonical()...)
	b = fmt.Appendf(b, `,"kind":%q,"params":%s,"revisions":[%d,%d,%d]`,
		kind.Name, c.instance.text, kind.Revision, c.objective.Revision, gfn.Revision)
	if c.continuous() && gfn.UnboundedAlpha(c.objectiveSpec()) {
		b = append(b, `,"s_alpha":2`...) // the revision with null where it cannot be estimated
	}
	for _, slot := range c.suite.idOrder {
		if s := c.settings[slot]; !s.isDefault {
			b = append(b, `,"`...)
			b = append(b, c.suite.slots[slot].Name...)
			b = append(b, `":`...)
			b = append(b, s.text...)
		}
	}
	if t := c.Trainer(); t != nil {
		b = append(b, t.text()...)
	}
	if v := c.suite.Variance; v != nil && v.measures(c) {
		b = append(b, `,"variance":`...)
		b = append(b, v.text...)
	}
	return append(b, '}')
}

// identify returns the cell's canonical text for the body of its config.
func identify(b []byte, seed int, body []byte) []byte {
	b = append(b, `{"seed":`...)
	b = strconv.AppendInt(b, int64(seed), 10)
	b = append(b, ',')
	return append(b, body...)
}

func hashID(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:8])
}

// Canonical returns the text whose SHA-256 gives the cell's id: a JSON object of the
// resolved parameters that are not at their default, and the revisions of the
// algorithms of the environment, the objective and the trainer.
func (c *Cell) Canonical() []byte { return identify(nil, c.Seed, c.body(nil)) }

// EnvironmentName returns the name of the environment in the suite.
func (c *Cell) EnvironmentName() string { return c.environment.name }

// Instance returns the cell's environment. Cells with equal parameters share
// it.
func (c *Cell) Instance() *gfn.Instance { return c.instance.shared }

// Timeout returns the longest time the cell may take; 0 means no limit.
func (c *Cell) Timeout() time.Duration { return c.duration(keyTimeout) }

// CheckpointEvery returns the time between the cell's checkpoints; 0 means none.
func (c *Cell) CheckpointEvery() time.Duration { return c.duration(keyCheckpointEvery) }

func (c *config) duration(k *Key) time.Duration {
	d, _ := time.ParseDuration(c.text(k)) // checked when it was read
	return d
}

// streams returns the root of the cell's random numbers: everything that changes
// training but is not paired.
func (c *Cell) streams() stream.Key {
	paired := make(map[string]bool)
	for _, name := range c.value(keyPair).Strings() {
		paired[name] = true
	}
	b := fmt.Appendf(nil, `{"kind":%q`, c.environment.kind.Name)
	b = append(b, `,"params":`...)
	b = append(b, c.instance.canonical(func(name string) bool { return !paired["params."+name] })...)
	for _, slot := range c.suite.idOrder {
		k, s := c.suite.slots[slot], c.settings[slot]
		if k.role == shows || s.isDefault || paired[k.Name] || k.byObjective && paired[keyObjective.Name] {
			continue
		}
		b = fmt.Appendf(b, `,%q:%s`, k.Name, s.text)
	}
	return stream.NewKey("cell", fmt.Sprint(c.Seed), string(append(b, '}')))
}

// Paired lists the columns in which cells may differ and still share their random
// streams, as given by the key pair of [run].
func (s *Suite) Paired() []string {
	if len(s.Cells) == 0 {
		return nil
	}
	return s.Cells[0].value(keyPair).Strings()
}

// Spec returns the training run of the cell.
func (c *Cell) Spec() gfn.Spec {
	s := gfn.Spec{
		Environment: c.environment.kind.Name,
		Params:      c.instance.params,
		Objective:   c.objectiveSpec(),
		Backward:    "uniform",
		Exploration: c.float(keyExploration),
		Importance:  c.bool(keyImportance),
		Policy: gfn.Policy{
			Kind: c.text(keyPolicyKind), Hidden: c.value(keyHidden).Ints(), Activation: c.text(keyActivation),
			OutputInit: c.text(keyOutputInit), Components: c.int(keyComponents),
		},
		Optimizer: gfn.Optimizer{
			LR: c.float(keyLR), LogZLR: c.float(keyLogZLR),
			Schedule: c.text(keySchedule), Power: c.float(keyPower),
			Beta1: c.float(keyBeta1), Beta2: c.float(keyBeta2), Epsilon: c.float(keyEpsilon),
		},
		Steps: c.int(keySteps), Batch: c.int(keyBatch), EvalEvery: c.int(keyEvalEvery), ClipNorm: c.float(keyClipNorm),
		Eval: gfn.Eval{
			Mode: c.text(keyEvalMode), Samples: c.int(keySamples), FinalSamples: c.int(keyFinalSamples), MaxStates: c.int(keyMaxStates),
			BackwardSamples: c.int(keyBackwardSamples), HistogramSamples: c.int(keyHistogramSamples), HeldOut: c.int(keyHeldOut),
			LogSAlpha: c.bool(keyLogSAlpha),
		},
		TopK:    c.int(keyTopK),
		Modes:   gfn.Modes{Quantile: c.float(keyQuantile)},
		FCS:     gfn.FCS{Size: c.int(keyFCSSize), Count: c.int(keyFCSCount)},
		Streams: c.streams(),
	}
	// Settings whose absence or form has a meaning.
	if b := c.text(keyBackward); b != "" {
		s.Backward = b
	}
	if x, ok := c.value(keyLogZInit).Number(); ok {
		s.Optimizer.LogZInit, s.Optimizer.LogZValue = "value", x
	} else {
		s.Optimizer.LogZInit, s.Optimizer.LogZValue, _ = start(c.text(keyLogZInit))
	}
	c.laterSpec(&s)
	if x, ok := c.value(keyThreshold).Number(); ok {
		s.Modes.Threshold = &x
	}
	if v := c.suite.Variance; v != nil && v.measures(c.config) {
		s.Variance = v.spec()
	}
	return s
}

// laterSpec fills in settings for which version 0.1.0 has no keys, unless they
// are at their default.
func (c *config) laterSpec(s *gfn.Spec) {
	if !c.settings[keyReadout.slot].isDefault {
		s.Policy.Readout = c.text(keyReadout)
	}
	if !c.settings[keyInput.slot].isDefault {
		s.Policy.Input = c.text(keyInput)
	}
	if !c.settings[keyEmbedding.slot].isDefault {
		s.Policy.Embedding = c.int(keyEmbedding)
	}
	if x, ok := c.value(keyPad).Number(); ok {
		s.Policy.Pad = &x
	}
	if !c.settings[keyAnchors.slot].isDefault {
		x := c.float(keyAnchors)
		s.Policy.Anchors = &x
	}
	if from := c.text(keyFrom); from != "" && from != c.instance.sides() {
		s.Eval.From = from
	}
	if !c.settings[keyLogZSchedule.slot].isDefault {
		s.Optimizer.LogZSchedule = c.text(keyLogZSchedule)
	}
}

// objectiveSpec returns the objective with its parameters.
func (c *config) objectiveSpec() objective.Spec {
	params := make(param.Values)
	for _, p := range c.objective.Params {
		if v := c.value(cellKey(p.Name)); !v.IsNull() {
			params[p.Name] = v
		}
	}
	return objective.Spec{Name: c.objective.Name, Params: params, ControlVariate: c.text(keyControlVariate)}
}

// Axes returns the cell's values in the suite's columns, in their order, as its
// results hold them.
func (c *Cell) Axes() []Axis {
	axes := make([]Axis, len(c.suite.Columns))
	for i, col := range c.suite.Columns {
		axes[i].Name = col.Name
		if !c.unwritten(col.slot) {
			axes[i].Value = c.at(col.slot)
		}
	}
	return axes
}

// unwritten reports whether the results hold null for the cell's default value.
func (c *config) unwritten(slot int) bool {
	return slot >= 0 && c.suite.slots[slot].later && c.settings[slot].isDefault
}

// Sibling reports whether both cells come from one combination of a suite's settings, so
// they have the same value in every column but the seed.
func (c *Cell) Sibling(of *Cell) bool { return c.config == of.config && c.Role == of.Role }

// Value returns the value of a column, or null if it does not apply or there is
// no such column.
func (c *Cell) Value(column string) param.Value {
	if slot, ok := c.suite.slotOf[column]; ok {
		return c.at(slot)
	}
	return param.Value{}
}

// at returns the value of a slot.
func (c *Cell) at(slot int) param.Value {
	switch slot {
	case slotEnvironment:
		return param.Of(c.environment.name)
	case slotSeed:
		return param.Of(c.Seed)
	case slotRole:
		if c.Role == "" {
			return param.Value{}
		}
		return param.Of(string(c.Role))
	}
	return c.settings[slot].value
}
