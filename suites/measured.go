package suites

import (
	"slices"
	"strings"

	"gfnbench/gfn"
	"gfnbench/suites/document"
	"gfnbench/usage"
)

// Measured returns the training run of the cell with other settings of how it is
// measured: texts as --set has them, of keys such as fcs.count that change no training.
// Errors are *usage.Error.
func (c *Cell) Measured(set []string) (gfn.Spec, error) {
	other := *c.config
	other.settings = slices.Clone(c.settings)
	for _, text := range set {
		k, s, err := measure(text)
		if err != nil {
			return gfn.Spec{}, err
		}
		other.settings[k.slot] = s
	}
	for i, k := range cellKeys {
		if other.settings[i] == absent && k.role == shows && k.applies != nil && k.applies(&other) {
			other.settings[i] = newSetting(k, k.Default, nil)
		}
	}
	return (&Cell{ID: c.ID, Seed: c.Seed, Role: c.Role, config: &other}).Spec(), nil
}

// measure reads a setting of how cells are measured.
func measure(text string) (*Key, *setting, error) {
	name, _, _ := strings.Cut(text, "=")
	root, problems := document.Parse("--set "+text, text)
	if len(problems) > 0 {
		return nil, nil, usage.Errorf("--set %s: expected key=value, such as fcs.count=32", usage.Quote(text))
	}
	k := cellKey(strings.TrimSpace(name))
	if k == nil || !slices.Contains(Measuring(), k.Name) {
		return nil, nil, usage.Errorf("--set %s: expected one of %s, which change no training%s", usage.Quote(text), strings.Join(Measuring(), ", "), usage.DidYouMean(strings.TrimSpace(name), Measuring()))
	}
	_, at := root.Assignment()
	var c checker
	v, ok := c.decode(k, at)
	if !ok {
		return nil, nil, &usage.Error{Err: document.Sorted(c.problems)}
	}
	return k, newSetting(k, v, at), nil
}

// Measuring lists the keys that change how a policy is measured, and not how it is
// trained or how often it is measured.
func Measuring() (list []string) {
	register()
	for _, k := range cellKeys {
		if k.role == shows && k != keyEvalEvery && k != keyPair && !slices.Contains(historical, k) {
			list = append(list, k.Name)
		}
	}
	return list
}

// historical are the settings of metrics that a run collects while it is trained.
var historical = []*Key{keyTopK, keyThreshold, keyQuantile}
