package suites

import (
	"strings"
	"testing"
)

// tunedSuite has two arms of three settings each.
const tunedSuite = `schema = 1
name   = "tuned"

[run]
seeds = 5

[environment.grid]
kind = "hypergrid"

[[grid]]
objective      = ["tb", "vargrad"]
"optimizer.lr" = [1e-4, 1e-3, 1e-2]

[tune]
metric  = "l1"
seeds   = [1000, 1001]
halving = { eta = 3, rungs = [100, 300] }
`

func TestTune(t *testing.T) {
	s, err := Parse("tuned.toml", []byte(tunedSuite), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Arms) != 2 || len(s.Arms[1].Settings) != 3 || len(s.Cells) != 2*3*2+2*5 || s.Undecided() != 2 {
		t.Fatalf("%d arms, %d cells, %d undecided", len(s.Arms), len(s.Cells), s.Undecided())
	}
	if c := s.Count; c.Grids[0]-c.Excluded-c.Duplicates+c.Test != len(s.Cells) || c.Test != 10 {
		t.Errorf("%+v is not the sum of %d cells", c, len(s.Cells))
	}
	if tuned := s.Arms[0].Tuned(); len(tuned) != 1 || tuned[0] != "optimizer.lr" {
		t.Errorf("what is tuned is %q", tuned)
	}
	plain, err := Parse("plain.toml", []byte(strings.Split(tunedSuite, "[tune]")[0]), nil)
	if err != nil {
		t.Fatal(err)
	}
	ids := make(map[string]bool)
	for _, c := range plain.Cells {
		ids[c.ID] = true
	}
	for _, c := range s.Select(nil) {
		if c.Role != Test || !c.Undecided || ids[c.ID] {
			t.Errorf("before the choice %s, %v, stands for a test", c.ID, c.Role)
		}
	}
	s.Choose(func(int, *Arm) int { return 1 })
	for _, c := range s.Select(nil) {
		if !ids[c.ID] || c.Value("optimizer.lr").Float() != 1e-3 || c.Value("role").Text() != "test" {
			t.Errorf("cell %s, %v: not that of the plain suite with the chosen setting", c.ID, c.Value("optimizer.lr"))
		}
	}
}

// TestTuneIsChecked: settings that cannot be compared, and metrics that cannot rank them,
// are rejected at their position.
func TestTuneIsChecked(t *testing.T) {
	for _, x := range []struct{ name, old, new, want string }{
		{"shared seed", "seeds   = [1000, 1001]", "seeds   = [1000, 4]", `tuned.toml:16:18: seed 4 is one of [run] too`},
		{"seed twice", "seeds   = [1000, 1001]", "seeds   = [7, 7]", `tuned.toml:16:15: seed 7 is there twice`},
		{"no direction", `"l1"`, `"log_z"`, `tuned.toml:15:11: metric "log_z" cannot rank the settings of grid/tb: neither greater`},
		{"of another objective", `"l1"`, `"loss"`, `neither greater nor lower`},
		{"of the machine", `"l1"`, `"seconds"`, `it depends on the machine`},
		{"not measured", `"l1"`, `"fcs"`, `metric "fcs" cannot rank the settings of grid/tb: it is not measured there`},
		{"between evaluations", "rungs = [100, 300]", "rungs = [30]", `tuned.toml:17:31: rungs: grid/tb is not evaluated at step 30, but every 50 steps: expected one of those, such as 50, or eval_every = 30`},
		{"after the end", "rungs = [100, 300]", "rungs = [100, 1000]", `grid/tb takes 1000 steps: expected less`},
		{"descending", "rungs = [100, 300]", "rungs = [300, 100]", `expected ascending steps, got 100 after 300`},
		{"another target", `"optimizer.lr" = [1e-4, 1e-3, 1e-2]`, `"params.height" = [6, 8]`, `the settings of grid/tb differ in params.height`},
		{"another length", `"optimizer.lr" = [1e-4, 1e-3, 1e-2]`, `steps = [500, 1000]`, `the settings of grid/tb differ in steps`},
		{"another measure", `"optimizer.lr" = [1e-4, 1e-3, 1e-2]`, `"eval.mode" = ["auto", "sampled"]`, `differ in eval.mode`},
		{"other objectives", `seeds   = [1000, 1001]`, "seeds   = [1000, 1001]\narms = [\"objective\", \"objectiv\"]", `there is no column "objectiv"`},
		{"more than the budget", `seeds   = [1000, 1001]`, "seeds   = [1000, 1001]\nbudget = 2", `tuned.toml:17:10: grid/tb has 3 settings: expected at most 2`},
		{"no seeds", "seeds   = [1000, 1001]", "", `[tune] needs the key seeds`},
		{"a key of none", "eta = 3", "factor = 3", `unknown key "factor" in [tune.halving]`},
	} {
		text := strings.Replace(tunedSuite, x.old, x.new, 1)
		_, err := Parse("tuned.toml", []byte(text), nil)
		switch {
		case text == tunedSuite:
			t.Errorf("%s: nothing is changed", x.name)
		case err == nil || !strings.Contains(err.Error(), x.want):
			t.Errorf("%s: %v, want %s", x.name, err, x.want)
		}
	}
}

// TestUnequalBudgets: arms that try fewer settings than others are reported.
func TestUnequalBudgets(t *testing.T) {
	text := strings.Replace(tunedSuite, "[tune]", "[[grid]]\nobjective = [\"tb\"]\n\"optimizer.lr\" = [1.0]\n[tune]\nbudget = 4", 1)
	s, err := Parse("tuned.toml", []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := "tuned.toml:17:1: arms try unequal numbers of settings, which favours those that try more: 4, but grid/vargrad 3"
	if len(s.Warnings) != 1 || s.Warnings[0].Error() != want {
		t.Errorf("%v, want %s", s.Warnings, want)
	}
}

// TestUntriedDefault checks that a default setting can be trained to its end only if it
// is among those tried.
func TestUntriedDefault(t *testing.T) {
	text := strings.Replace(tunedSuite, "[tune]", "[tune]\ndefault = true", 1)
	if s := mustParse(t, text); len(s.Warnings) != 0 || s.Arms[0].Default() != 1 {
		t.Errorf("the default is setting %d; %v", s.Arms[0].Default(), s.Warnings)
	}
	s := mustParse(t, strings.Replace(text, "1e-3, ", "2e-3, ", 1))
	if len(s.Warnings) != 1 || !strings.Contains(s.Warnings[0].Error(), "the default setting of grid/tb is not among those that it tries") {
		t.Errorf("%v", s.Warnings)
	}
}

// TestPruneIsRefused: the message shows the [tune] to write.
func TestPruneIsRefused(t *testing.T) {
	text := strings.Split(tunedSuite, "[tune]")[0] + "[prune]\nmetric = \"jsd\"\neta = 4\nrungs = [50]\n"
	_, err := Parse("old.toml", []byte(text), nil)
	if err == nil || !strings.Contains(err.Error(), `write [tune] with metric = "jsd", seeds = [1000, 1001, 1002] and halving = { eta = 4, rungs = [50] }`) {
		t.Error(err)
	}
}

// TestPruneThatIsKept checks that a suite with [prune] stored in results of version 0.1.0
// plans the same cells as before.
func TestPruneThatIsKept(t *testing.T) {
	plain := strings.Split(tunedSuite, "[tune]")[0]
	s, err := ParseKept("suite.toml", []byte(plain+"[prune]\nmetric = \"l1\"\neta = 4\nrungs = [50]\n"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := mustParse(t, plain); len(s.Warnings) != 1 || s.Tune != nil || len(s.Cells) != len(want.Cells) || s.Cells[0].ID != want.Cells[0].ID {
		t.Errorf("%d cells, warnings %v", len(s.Cells), s.Warnings)
	}
}

// TestRungsByEnvironment checks that each environment has the rungs given for it, or the
// default.
func TestRungsByEnvironment(t *testing.T) {
	two := strings.Replace(tunedSuite, "[[grid]]", "[environment.small]\nkind = \"hypergrid\"\nsteps = 200\n[[grid]]", 1)
	by := func(rungs string) (*Suite, error) {
		return Parse("tuned.toml", []byte(strings.Replace(two, "[100, 300]", rungs, 1)), nil)
	}
	s, err := by("{ small = [50, 150], default = [100, 300] }")
	if err != nil {
		t.Fatal(err)
	}
	if a, b := s.Tune.Rungs.Of("small"), s.Tune.Rungs.Of("grid"); len(a) != 2 || a[1] != 150 || len(b) != 2 || b[1] != 300 {
		t.Errorf("small %v, grid %v", a, b)
	}
	for rungs, want := range map[string]string{
		"[100, 300]":                           "small/tb takes 200 steps: expected less",
		"{ small = [50] }":                     "grid/tb has none: add grid = [...], or a default",
		"{ smal = [50], default = [100] }":     `there is no [environment.smal] (did you mean "small"?)`,
		"{ small = [75], default = [100] }":    "small/tb is not evaluated at step 75",
		"{ small = [50, 50], default = [100]}": "expected ascending steps, got 50 after 50",
		"{ small = 50, default = [100] }":      "rungs is 50",
	} {
		if _, err := by(rungs); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", rungs, err, want)
		}
	}
}

// TestUndecidedValues checks that values that tuning will choose are counted as
// undecided, not as the value of the first setting.
func TestUndecidedValues(t *testing.T) {
	s := mustParse(t, tunedSuite)
	for _, a := range s.ByAxis(s.Cells) {
		last := a.Values[len(a.Values)-1]
		if tuned := a.Column == "optimizer.lr"; last.Undecided != tuned || tuned && (last.Cells != 10 || a.Values[0].Cells != 4 || len(a.Values) != 4) {
			t.Errorf("%+v", a)
		}
	}
	s.Choose(func(int, *Arm) int { return 1 })
	for _, a := range s.ByAxis(s.Cells) {
		if a.Column == "optimizer.lr" && (len(a.Values) != 3 || a.Values[1].Cells != 14) {
			t.Errorf("after the choice %+v", a)
		}
	}
}

// TestTrainersAreArms checks that another program is an arm, not a setting.
func TestTrainersAreArms(t *testing.T) {
	text := strings.NewReplacer(`objective      = ["tb", "vargrad"]`, "objective = [\"tb\"]\ntrainer = [\"gfnbench\", \"other\"]",
		"[tune]", "[trainer.other]\ncommand = [\"x\"]\nversion = \"1\"\n[tune]").Replace(tunedSuite)
	s := mustParse(t, text)
	if len(s.Arms) != 2 || len(s.Arms[0].Settings) != 3 || s.ArmLabel(s.Arms[1]) != "grid/tb/other" {
		t.Errorf("%d arms, of %d settings", len(s.Arms), len(s.Arms[0].Settings))
	}
}
