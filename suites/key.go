package suites

import (
	"slices"
	"strings"
	"sync"

	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
)

// A Key declares one key of a suite file: a setting, and how a suite writes it.
type Key struct {
	param.Param
	Form Form // how it is written, if its type does not say so

	slot        int // index into a cell's settings
	role        role
	byObjective bool                 // whether it applies depends on the objective
	applies     func(c *config) bool // nil means always

	// later is set if version 0.1.0 has no such key. Its default is not written
	// into results, so cells of both versions have equal rows.
	later bool
}

// A Form is a way to write a value that its type does not determine.
type Form string

// The forms. Forms of tables have no type.
const (
	Plain        Form = ""
	Duration     Form = "duration"             // a string such as "90s" or "1h30m"
	Seeds        Form = "number of seeds"      // or a list of seed indices
	Instances    Form = "number of instances"  // or a list of instance seeds
	WordOrNumber Form = "word or number"       // one of Choices, or a number
	Start        Form = "start of log Z"       // one of Choices, with or without an offset such as +6, or a number
	Names        Form = "name or list"         // one string, or several
	Select       Form = "selector"             // a table from keys to a value or a list of values
	Settings     Form = "settings"             // a table of [run] keys
	Metrics      Form = "metric or table"      // a metric, or a table from environments to metrics
	SizeOf       Form = "number or size"       // a number, or a table of one of SizeUnits
	Nested       Form = "table of tables"      // of strings
	Quoted       Form = "reference"            // source, measured and moved
	Options      Form = "table of any strings" // to string, number or boolean
	Halving      Form = "table of halving"     // with the keys of [tune.halving]
	StepLists    Form = "list or table"        // a list of steps, or a table from environments to such lists
	Networks     Form = "word, number or list" // "final", "best" or steps
)

// mayBeNumber reports whether values of a string key may also be numbers.
func (k *Key) mayBeNumber() bool { return k.Form == WordOrNumber || k.Form == Start }

// isTable reports whether a value of the form is kept as written, for its
// section to read.
func (f Form) isTable() bool {
	return slices.Contains([]Form{Select, Settings, Metrics, SizeOf, Nested, Quoted, Options, Halving, StepLists, Networks}, f)
}

// Kind returns the key's type, or its form if that says more.
func (k *Key) Kind() string {
	if k.Form != Plain {
		return string(k.Form)
	}
	return k.Type.String()
}

// A role says what a key of a cell is for.
type role uint8

const (
	axis      role = iota // only in a [[grid]]
	trains                // changes training: part of the id and the random streams
	shows                 // changes what is measured or shared: part of the id only
	manages               // changes neither
	describes             // describes an environment; not a key of a suite
)

// axisKeys are the axes that only a [[grid]] has; cellKeys are the keys of every
// cell, by slot. register sets both.
var axisKeys, cellKeys []*Key

// AxisKeys returns the axes that only a [[grid]] has: the objective, the
// parameters that objectives declare, by name, the control variate and the trainer.
func AxisKeys() []*Key { register(); return axisKeys }

// RunKeys returns the keys of [run].
func RunKeys() []*Key { register(); return runKeys }

// register takes the objectives from their registry once, on the first use of
// this package, when every init that adds one has run.
var register = sync.OnceFunc(func() {
	var params []*Key
	for _, k := range objective.Kinds {
		keyObjective.Choices = append(keyObjective.Choices, k.Name)
		for _, cv := range k.ControlVariates {
			if !slices.Contains(keyControlVariate.Choices, cv) {
				keyControlVariate.Choices = append(keyControlVariate.Choices, cv)
			}
		}
		for _, p := range k.Params {
			if keyOf(params, p.Name) == nil {
				params = append(params, objectiveKey(p))
			}
		}
	}
	slices.SortFunc(params, func(a, b *Key) int { return strings.Compare(a.Name, b.Name) })
	keyControlVariate.When = "objectives " + objectives(takesControlVariate)
	for _, k := range []*Key{keyLogZLR, keyLogZInit, keyLogZSchedule} {
		k.When = "objectives with a learned log Z: " + objectives(learnsLogZ)
	}
	for _, p := range params {
		if measurable(p.Name) {
			varianceSection.Keys = append(varianceSection.Keys, listKey(p))
		}
	}
	axisKeys = slices.Concat([]*Key{keyObjective}, params, []*Key{keyControlVariate, keyTrainer})
	cellKeys = slices.Concat(axisKeys, runKeys)
	for i, k := range cellKeys {
		k.slot = i
	}
})

// objectiveKey returns the axis of a parameter that objectives declare.
func objectiveKey(p param.Param) *Key {
	takes := func(k *objective.Kind) bool { return param.Find(k.Params, p.Name) != nil }
	needs := func(k *objective.Kind) bool { return takes(k) && param.Find(k.Params, p.Name).Required }
	p.When = "objectives " + objectives(takes)
	if list := objectives(needs); list != "" {
		p.When += "; required by " + list
	}
	p.Required = false // required by some objectives, not by every grid
	return &Key{Param: p, byObjective: true, applies: func(c *config) bool { return takes(c.objective) }}
}

// measurable reports whether the gradient variance of an objective with that
// parameter can be measured.
func measurable(name string) bool {
	return slices.ContainsFunc(objective.Kinds, func(k *objective.Kind) bool {
		return !k.NeedsFlows && param.Find(k.Params, name) != nil
	})
}

// listKey returns the key of [variance] that lists values of an objective's parameter.
func listKey(k *Key) *Key {
	p := param.Param{Name: k.Name, Range: k.Range, Choices: k.Choices, Doc: "with each " + k.Name + ", where the objective takes one"}
	switch k.Type {
	case param.Int:
		p.Type, p.Default = param.Ints, param.Of([]int{})
		if !k.Default.IsNull() {
			p.Default = param.Of([]int{k.Default.Int()})
		}
	case param.Float:
		p.Type, p.Default = param.Floats, param.Of([]float64{})
		if !k.Default.IsNull() {
			p.Default = param.Of([]float64{k.Default.Float()})
		}
	default:
		p.Type, p.Default = param.Strings, param.Of([]string{})
		if !k.Default.IsNull() {
			p.Default = param.Of([]string{k.Default.String()})
		}
	}
	return &Key{Param: p}
}

// objectives lists the names of the registered objectives for which is holds.
func objectives(is func(k *objective.Kind) bool) string {
	var list []string
	for _, k := range objective.Kinds {
		if is(k) {
			list = append(list, k.Name)
		}
	}
	return strings.Join(list, ", ")
}

func takesControlVariate(k *objective.Kind) bool { return len(k.ControlVariates) > 0 }

func learnsLogZ(k *objective.Kind) bool { return k.LearnsLogZ }

// cellKey returns the key of every cell with that name, or nil.
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
