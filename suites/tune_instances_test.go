package suites

import (
	"slices"
	"strings"
	"testing"

	"gfnbench/gfn/param"
)

// tunedSets tunes two objectives on separate instances.
func tunedSets(tune string) string {
	return strings.Split(drawnSets("instances = 3"), "[[grid]]")[0] + `[[grid]]
objective = ["tb", "vargrad"]
"optimizer.lr" = [1e-3, 1e-2]
[tune]
metric = "l1"
seeds = [1000, 1001]
` + tune
}

// TestTuningInstances checks that settings are tuned only on the instances of [tune],
// with the usual ids of their cells, and tested on those of the environment.
func TestTuningInstances(t *testing.T) {
	s := mustParse(t, tunedSets("instances = [101, 102]"))
	if len(s.Arms) != 2 || len(s.Cells) != 2*2*2*2+2*3*2 || s.Count.Test != 12 || s.Count.Grids[0] != 16 {
		t.Fatalf("%d arms, %d cells, %+v", len(s.Arms), len(s.Cells), s.Count)
	}
	s.Choose(func(int, *Arm) int { return 1 })
	want := make(map[string]bool)
	for seed, suite := range map[string]string{"seeds = [1000, 1001]": "instances = [101, 102]", "seeds = 2": "instances = 3"} {
		plain := mustParse(t, strings.Replace(strings.Split(strings.Replace(tunedSets(""), "instances = 3", suite, 1), "[tune]")[0], "seeds = 2", seed, 1))
		for _, c := range plain.Cells {
			want[c.ID] = true
		}
	}
	for _, c := range s.Cells {
		if k := c.Value(param.Instance).Int(); !want[c.ID] || (c.Role == Tuning) != (k > 100) {
			t.Errorf("%s cell %s of instance %d", c.Role, c.ID, k)
		}
	}
	if got := s.Instances("sets"); !slices.Equal(got, []int{1, 2, 3}) {
		t.Errorf("the instances are %v", got)
	}
	if c, ok := s.Column(param.Instance); !ok || !c.Varies {
		t.Errorf("the column instance: %+v", c)
	}
}

// TestTuningInstanceProblems checks that an instance cannot be both tuned and tested on.
func TestTuningInstanceProblems(t *testing.T) {
	for _, x := range []struct{ text, want string }{
		{tunedSets("instances = [101, 3]"), "instance 3 is one of [environment.sets] too"},
		{tunedSets("instances = [101, 101]"), "instance 101 is there twice"},
		{tunedSets("instances = 3"), "instances is 3"},
		{strings.Replace(tunedSets("instances = [101]"), "instances = 3", "", 1), "no environment here draws several instances"},
		{tunedSets("instances = [101, 102]") + "\n[[exclude]]\nmatch = { instance = 102, \"optimizer.lr\" = 1e-2 }\nwhy = \"w\"\n", "have different cells, of which an [[exclude]] leaves out some"},
	} {
		if _, err := Parse("suite.toml", []byte(x.text), nil); err == nil || !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s\ngives %v, want %q", x.text, err, x.want)
		}
	}
	two := strings.Replace(tunedSets("instances = [101]"), "[[grid]]", "[environment.one]\nkind = \"sets\"\nelements = 6\nsize = 3\ninstance_seed = 1\n[environment.given]\nkind = \"sets\"\nelements = 3\nsize = 2\nf = [1, 2, 3]\n[[grid]]", 1)
	if s := mustParse(t, two); len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0].Error(), "[environment.one] has one instance, on which it is tuned and tested") {
		t.Errorf("%v", s.Warnings)
	}
}
