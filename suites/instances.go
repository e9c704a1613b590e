package suites

import (
	"fmt"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/param"
	"gfnbench/suites/document"
)

// instanceSeed is the parameter of the kinds that draw their instances.
const instanceSeed = "instance_seed"

// keyInstances is the key of [environment.NAME] that draws several instances.
var keyInstances = &Key{Param: param.Param{Name: "instances", Type: param.Ints, Range: param.Between(0, param.Exact),
	Doc: "number of instances to draw (instance seeds 1, 2, ...), or a list of instance seeds, instead of instance_seed: every cell of the environment is trained in each"}, Form: Instances}

// A drawnInstance is one seed of instances.
type drawnInstance struct {
	seed int
	at   *document.Node
}

// setting returns the instance as the value of k.
func (d drawnInstance) setting(k *Key) *setting { return newSetting(k, param.Of(d.seed), d.at) }

func drawsInstances(k *env.Kind) bool { return param.Find(k.Params, instanceSeed) != nil }

// readInstances reads the instances of an environment.
func (r *reader) readInstances(e *environment, f *document.Node) {
	v, ok := r.decode(keyInstances, f)
	switch {
	case !ok:
	case !drawsInstances(e.kind):
		r.atKey(f, "%s draws nothing: all its instances are equal", e.kind.Name)
		ok = false
	case e.at.Field(instanceSeed) != nil:
		r.atKey(f, "give instances or instance_seed, not both")
		ok = false
	}
	e.broken = e.broken || !ok
	for i, seed := range v.Ints() {
		at := f
		if f.Kind == document.Array {
			at = f.Items[i]
		}
		e.drawn = append(e.drawn, drawnInstance{seed, at})
	}
}

// instanceSlot makes the slot of the column instance, if an environment draws
// several. It is not a key: its value is params.instance_seed.
func (r *reader) instanceSlot() {
	if !slices.ContainsFunc(r.environments, func(e *environment) bool { return len(e.drawn) > 0 }) {
		return
	}
	r.suite.slots = append(r.suite.slots, &Key{
		Param: param.Param{Name: param.Instance, Type: param.Int, Doc: "instance seed of the environment"}, role: describes, slot: len(r.suite.slots),
	})
}

// saidByInstance reports whether the column instance holds the same as k.
func (s *Suite) saidByInstance(k *Key) bool {
	return k.Name == "params."+instanceSeed && keyOf(s.slots, param.Instance) != nil
}

// draws returns the settings of an environment once for each of its instances: the
// instances of [tune], if there are any, and its own.
func (r *reader) draws(e *environment) [][]*setting {
	if len(e.drawn) == 0 {
		return [][]*setting{slices.Clone(e.settings)}
	}
	var drawn []drawnInstance
	if n := r.root.Field("tune").Field("instances"); n != nil && r.suite.Tune != nil {
		for i, seed := range r.suite.Tune.Instances {
			drawn = append(drawn, drawnInstance{seed, n.Items[i]})
		}
	}
	k := keyOf(r.suite.slots, "params."+instanceSeed)
	list := make([][]*setting, len(drawn)+len(e.drawn))
	for i, d := range append(drawn, e.drawn...) {
		list[i] = slices.Clone(e.settings)
		list[i][k.slot] = d.setting(k)
	}
	return list
}

// tuningInstances checks the instances of [tune] against those of the environments.
func (r *reader) tuningInstances(n *document.Node, list []int) {
	several := false
	for _, e := range r.environments {
		several = several || len(e.drawn) > 0
		for i, seed := range list {
			if slices.ContainsFunc(e.drawn, func(d drawnInstance) bool { return d.seed == seed }) {
				r.at(n.Items[i], "instance %d is one of [environment.%s] too: a setting chosen on an instance looks better there than it is. Take others, such as [101, 102, 103]", seed, e.name)
			}
		}
		if !e.broken && len(e.drawn) == 0 && drawsInstances(e.kind) && !slices.ContainsFunc(e.given.Names(), func(name string) bool { return !param.Find(e.kind.Params, name).Type.Scalar() }) {
			r.suite.Warnings = append(r.suite.Warnings, n.Source.Problem(n.At, n.Path(), fmt.Sprintf("[environment.%s] has one instance, on which it is tuned and tested: write instances = [...] there, and tuning has its own", e.name)))
		}
	}
	if !several {
		r.at(n, "no environment here draws several instances: give one instances = 8, or leave this out")
	}
}

// roles returns the roles of the cells of a config: both, unless [tune] has separate
// instances.
func (s *Suite) roles(c *config) (tunes, tests bool) {
	if s.Tune == nil {
		return false, true
	}
	if len(s.Tune.Instances) == 0 || len(c.environment.drawn) == 0 {
		return true, true
	}
	tunes = slices.Contains(s.Tune.Instances, c.value(keyOf(s.slots, "params."+instanceSeed)).Int())
	return tunes, !tunes
}

// drawnTwice reports a grid that has the instance seeds as an axis although its
// environment draws instances.
func (r *reader) drawnTwice(g *grid, e *environment) bool {
	i := slices.IndexFunc(g.axes, func(a *gridAxis) bool { return a.key.Name == "params."+instanceSeed })
	if i < 0 || len(e.drawn) == 0 {
		return false
	}
	r.atKey(g.axes[i].at, "[environment.%s] draws its instances: leave out params.instance_seed, or instances there", e.name)
	return true
}

// Instances returns the instance seeds of an environment in the order of the suite,
// without those that only tune. It returns none if the environment has one instance,
// which may be given instead of drawn.
func (s *Suite) Instances(environment string) (seeds []int) {
	for _, c := range s.Cells {
		if _, tests := s.roles(c.config); tests && len(c.environment.drawn) > 0 && c.environment.name == environment {
			if seed := c.Value(param.Instance).Int(); !slices.Contains(seeds, seed) {
				seeds = append(seeds, seed)
			}
		}
	}
	return seeds
}

// fewInstances says which environment of the cells has too few instances for a statement
// over instances. It returns "" if all have enough, or if the statement is over seeds.
func (s *Suite) fewInstances(cells []*Cell, over string) string {
	if over != OverInstances {
		return ""
	}
	seen := make(map[string]map[int]bool)
	for _, c := range cells {
		name := c.environment.name
		if seen[name] == nil {
			seen[name] = make(map[int]bool)
		}
		if v := c.Value(param.Instance); !v.IsNull() {
			seen[name][v.Int()] = true
		}
	}
	for _, name := range s.Environments {
		if instances, ok := seen[name]; ok && len(instances) < 2 {
			return fmt.Sprintf("over = \"instances\" needs several instances, and [environment.%s] has one: give it instances = 8, or leave it out", name)
		}
	}
	return ""
}

// orOver says what else can be done if cells differ in the instance.
func orOver(axis string) string {
	if axis != param.Instance {
		return ""
	}
	return ", or average over them with over = \"instances\""
}
