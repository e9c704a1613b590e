package conformance

import (
	"maps"
	"slices"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/exact"
	"gfnbench/gfn/objective"
	"gfnbench/gfn/param"
	"gfnbench/trainer"
	"gfnbench/trainer/remote"
)

// A subject is a combination to check.
type subject struct {
	environment, objective string
	learned                bool     // the backward policy is learned
	variant                *variant // nil: the usual instance
}

// A variant is another instance of an environment, whose rewards are checked.
type variant struct {
	environment, name string
	params            param.Values
}

// variants are hypergrids whose bands end on states, where floating-point numbers get them
// wrong (on one of 16 the distance from the middle is 0.3 of the side, on one of 21 it is
// 0.25, 0.3 and 0.4), and environments with parameters that are not at their default.
var variants = []variant{
	{"hypergrid", "height=16", param.Values{"params.height": param.Of(16)}},
	{"hypergrid", "height=21", param.Values{"params.height": param.Of(21)}},
	{"hypergrid", "r0=0.02", param.Values{"params.r0": param.Of(0.02), "params.r1": param.Of(0.3), "params.r2": param.Of(1.1)}},
	{"bitseq", "beta=5", param.Values{"params.beta": param.Of(5.0)}},
	{"ising", "beta=0.7", param.Values{"params.beta": param.Of(0.7), "params.coupling": param.Of(-0.5)}},
}

// String names the case in the report.
func (c subject) String() string {
	if c.learned {
		return c.environment + "/" + c.objective + "/learned"
	}
	if c.variant != nil {
		return c.environment + "/" + c.objective + "/" + c.variant.name
	}
	return c.environment + "/" + c.objective
}

// checkHello checks what the trainer says about itself.
func (k *kit) checkHello() error {
	h := &k.hello
	known := 0
	for _, name := range h.Environments {
		if kinds.Lookup(name) != nil {
			known++
		}
	}
	for _, name := range h.Objectives {
		if objective.Lookup(name) == nil {
			return found("", "it has the objective %q, which is none: sweep list objectives lists them", name)
		}
	}
	switch {
	case known == 0:
		return found("", "it has the environments %q, none of which is known: sweep list environments lists them", h.Environments)
	case len(h.Objectives) == 0:
		return found("", "it lists no objective")
	}
	for _, name := range h.Parameters {
		if len(k.o.Settings) > 0 && !slices.Contains(k.o.Settings, name) && !ofObjectives(name) {
			return found("", "it follows the setting %q, which is none: docs/suites.md lists them under [run]", name)
		}
	}
	optional := []string{trainer.MessageSample, trainer.MessageSave, trainer.MessageLoad, trainer.MessageLoss, trainer.MessageUpdate, trainer.MessageFit}
	for _, m := range h.Offers {
		if !slices.Contains(optional, m) {
			return found("", "it offers %q: expected some of %q", m, optional)
		}
	}
	if slices.Contains(h.Offers, trainer.MessageSave) != slices.Contains(h.Offers, trainer.MessageLoad) {
		return found("", "it offers one of save and load, which go together")
	}
	return nil
}

// ofObjectives reports whether an objective has a parameter.
func ofObjectives(name string) bool {
	return slices.ContainsFunc(objective.Kinds, func(o *objective.Kind) bool { return param.Find(o.Params, name) != nil })
}

// cases lists what is checked.
func (k *kit) cases() (list []subject) {
	environments := chosen(k.hello.Environments, k.o.Environments, func(name string) bool { return kinds.Lookup(name) != nil })
	objectives := chosen(k.hello.Objectives, k.o.Objectives, func(name string) bool { return objective.Lookup(name) != nil })
	for i, e := range environments {
		for j, o := range objectives {
			if (i == 0 || j == 0) && defined(e, o) {
				list = append(list, subject{environment: e, objective: o})
			}
		}
		if i == 0 && len(objectives) > 0 && k.follows("backward") && trainsBackward(e, objectives[0]) {
			list = append(list, subject{environment: e, objective: objectives[0], learned: true})
		}
		for j := range variants {
			if v := &variants[j]; v.environment == e && len(objectives) > 0 {
				list = append(list, subject{environment: e, objective: objectives[0], variant: v})
			}
		}
	}
	return list
}

// defined reports whether an objective is defined in an environment: state flows need a
// discrete one.
func defined(environment, name string) bool {
	return !objective.Lookup(name).NeedsFlows || !continuous(environment)
}

// trainsBackward reports whether the objective can also train the backward policy.
func trainsBackward(environment, name string) bool {
	return objective.Lookup(name).NoLearnedBackward == "" && !continuous(environment)
}

func continuous(environment string) bool {
	kind := kinds.Lookup(environment)
	e, err := kind.Make(kind.Small)
	return err == nil && e.Capabilities().Continuous
}

// chosen returns the distinct names that are offered, wanted and known.
func chosen(offered, wanted []string, known func(string) bool) (list []string) {
	for _, name := range offered {
		if known(name) && (len(wanted) == 0 || slices.Contains(wanted, name)) && !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}

// follows reports whether the trainer declares a setting.
func (k *kit) follows(name string) bool { return slices.Contains(k.hello.Parameters, name) }

// runCase runs the checks of a case.
func (k *kit) runCase(c subject) error {
	k.the, k.err = c, nil
	if err := k.make(nil); err != nil {
		return err
	}
	e, ok := k.cell.Instance().Env.(env.Discrete)
	if !ok {
		k.continuousStages()
		return k.err
	}
	g, err := exact.Enumerate(e, maxStates)
	if err != nil {
		return err
	}
	k.world = newWorld(e, g)
	if c.variant != nil {
		k.variantStage()
		return k.err
	}
	k.discreteStages()
	return k.err
}

// maxStates is the largest number of states of an instance.
const maxStates = 1 << 16

// make makes the cell, with those of the settings that the trainer follows.
func (k *kit) make(set param.Values) (err error) {
	followed := param.Values{}
	for name, v := range set {
		if name == "steps" || k.follows(name) {
			followed[name] = v
		}
	}
	if k.the.variant != nil {
		maps.Copy(followed, k.the.variant.params)
	}
	if k.the.learned {
		followed["backward"] = param.Of("learned")
	}
	k.cell, err = k.o.Cell(k.the.environment, k.the.objective, followed)
	return err
}

// Settings of the runs: small networks, and steps large enough to have a visible effect.
var (
	coarse = param.Values{
		"steps": param.Of(200), "batch": param.Of(32), "policy.hidden": param.Of([]int{32, 32}),
		"optimizer.lr": param.Of(0.01), "optimizer.log_z_lr": param.Of(0.1), "optimizer.schedule": param.Of("constant"),
	}
	fine = param.Values{
		"steps": param.Of(200), "batch": param.Of(32), "policy.hidden": param.Of([]int{32, 32}),
		"optimizer.lr": param.Of(0.001), "optimizer.log_z_lr": param.Of(0.01), "optimizer.schedule": param.Of("constant"),
	}
	falling = param.Values{ // the learning rates fall to 0
		"steps": param.Of(40), "batch": param.Of(32), "policy.hidden": param.Of([]int{32, 32}),
		"optimizer.lr": param.Of(0.01), "optimizer.log_z_lr": param.Of(0.1),
	}
	still = param.Values{ // log Z alone is trained, as good as
		"steps": param.Of(8), "batch": param.Of(32), "policy.hidden": param.Of([]int{32, 32}),
		"optimizer.lr": param.Of(1e-9), "optimizer.log_z_lr": param.Of(0.01),
	}
	torch = param.Values{"steps": param.Of(200), "policy.hidden": param.Of([]int{32, 32}), "policy.output_init": param.Of("torch")}
)

// start begins a run with the settings set; other gives it another seed.
func (k *kit) start(set param.Values, other bool) error {
	if err := k.make(set); err != nil {
		return err
	}
	settings, _ := k.cell.Settings()
	s, arrays := remote.Start("conformance", k.cell.Spec(), settings, k.cell.Instance().Env)
	if other {
		s.Seed ^= 1
	}
	return k.session.Start(k.ctx, s, arrays...)
}
