package claims

import (
	"math"
	"strings"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// drawn is a suite of 8 instances × 3 seeds with the given claims.
func drawn(claims string) string {
	return `schema = 1
name = "drawn"
[run]
seeds = 3
steps = 4
eval_every = 4
batch = 4
[environment.sets]
kind = "sets"
elements = 4
size = 2
instances = 8
[[grid]]
objective = ["tb", "vargrad", "db"]
"optimizer.log_z_init" = ["zero", "batch"]
"policy.output_init" = ["zero", "torch"]
` + claims
}

// TestOverInstances: the effect is −1 on six of eight instances and +5 on two, in every
// seed. Over instances W− is 1+…+6 = 21 of 36; over the seeds of instance 1 all three
// agree.
func TestOverInstances(t *testing.T) {
	text := drawn(`
[[claim]]
id = "task"
text = "tb beats vargrad"
test = "better"
metric = "l1"
over = "instances"
a = { objective = "tb", "optimizer.log_z_init" = "zero" }
b = { objective = "vargrad" }
on = { "policy.output_init" = "zero" }
[[claim]]
id = "instance"
text = "tb beats vargrad"
test = "better"
metric = "l1"
a = { objective = "tb", "optimizer.log_z_init" = "zero" }
b = { objective = "vargrad" }
on = { "policy.output_init" = "zero", instance = 1 }
`)
	s := reporttest.Load(t, text, func(c *suites.Cell, r *results.Run) {
		x := 10 + float64(c.Seed)
		if c.Value("objective").Text() == "tb" {
			x--
			if c.Value(param.Instance).Int() > 6 {
				x += 6
			}
			x += float64(c.Seed-1) / 8 // with mean 0 over the seeds
		}
		reporttest.Curve(r, 10, x)
	})
	list, err := Judge(s)
	if err != nil {
		t.Fatal(err)
	}
	task, instance := list[0].Tests[0], list[1].Tests[0]
	if task.N != 8 || task.Seeds != 3 || math.Abs(task.MeanA-task.MeanB-0.5) > 1e-12 {
		t.Errorf("over instances: n %d, %d seeds, mean difference %v; want 8, 3, 0.5", task.N, task.Seeds, task.MeanA-task.MeanB)
	}
	// Six tied ranks 3.5 are negative, two of 7.5 positive: W+ = 15 of 36, and p is
	// the share of the 2^8 signs with W+ ≤ 15, counted here.
	count := 0
	for signs := range 1 << 8 {
		w := 0.0
		for i := range 8 {
			if signs>>i&1 == 1 {
				w += map[bool]float64{true: 3.5, false: 7.5}[i < 6]
			}
		}
		if w <= 15 {
			count++
		}
	}
	if want := float64(count) / 256; math.Abs(task.P-want) > 1e-12 {
		t.Errorf("over instances p %v, want %v", task.P, want)
	}
	if instance.N != 3 || instance.P != 1./8 {
		t.Errorf("over the seeds of one instance: n %d, p %v; want 3, 1/8", instance.N, instance.P)
	}
}

// TestReadings: tb beats vargrad if log Z starts at zero and loses if it starts from the
// batch, whatever the output layer, so the start decides.
func TestReadings(t *testing.T) {
	claim := func(readings string) string {
		return drawn(`
[[claim]]
id = "R"
text = "tb beats vargrad"
test = "better"
metric = "l1"
over = "instances"
effect = { relative = 0.001 }
a = { objective = "tb" }
b = { objective = "vargrad" }
readings = ` + readings + "\n")
	}
	const both = `{ "optimizer.log_z_init" = ["zero", "batch"], "policy.output_init" = ["zero", "torch"] }`
	for _, test := range []struct {
		name   string
		shift  func(start, output string, instance int) float64 // of tb
		want   Verdict
		depend string
	}{
		{"the start decides", func(start, _ string, _ int) float64 { return map[string]float64{"zero": -1, "batch": 1}[start] },
			Depends, "optimizer.log_z_init: SUPPORTED with zero; CONTRADICTED with batch"},
		{"the output layer decides", func(_, output string, _ int) float64 { return map[string]float64{"zero": -1, "torch": 0}[output] },
			Depends, "policy.output_init: SUPPORTED with zero; TIE with torch"},
		{"all agree", func(string, string, int) float64 { return -1 }, Supported, ""},
		{"all disagree", func(string, string, int) float64 { return 2 }, Contradicted, ""},
		{"all tie", func(_, _ string, i int) float64 { return 0.001 * float64(i%2) }, Tie, ""},
		{"one is undecided", func(start, _ string, i int) float64 {
			if start == "batch" {
				return float64(i%2*2-1) * (1 + float64(i)/10)
			}
			return -1
		}, Underpowered, ""},
		{"both decide together", func(start, output string, _ int) float64 {
			return map[bool]float64{true: -1, false: 1}[(start == "zero") == (output == "zero")]
		}, Depends, "optimizer.log_z_init: SUPPORTED or CONTRADICTED with zero; CONTRADICTED or SUPPORTED with batch"},
	} {
		// Make the results, and judge.
		s := reporttest.Load(t, claim(both), func(c *suites.Cell, r *results.Run) {
			x := 10.0
			if c.Value("objective").Text() == "tb" {
				x += test.shift(c.Value("optimizer.log_z_init").Text(), c.Value("policy.output_init").Text(), c.Value(param.Instance).Int())
			}
			reporttest.Curve(r, 20, x)
		})
		list, err := Judge(s)
		if err != nil {
			t.Fatal(err)
		}
		r := list[0]
		// Compare the verdict and the factors that decide.
		var factors []string
		for _, f := range r.Factors {
			factors = append(factors, f.String())
		}
		if r.Verdict != test.want || len(r.Readings) != 4 || test.depend != "" && !strings.HasPrefix(strings.Join(factors, "; "), test.depend) || test.depend == "" && factors != nil {
			t.Errorf("%s: %s, %d readings, depends on %q; want %s, 4, %q", test.name, r.Verdict, len(r.Readings), factors, test.want, test.depend)
		}
	}
}

// TestSmallestEffect: three verdicts, depending on where the interval lies. Differences
// are −0.2 ± 0.001 for values of about 10.
func TestSmallestEffect(t *testing.T) {
	for _, test := range []struct {
		effect string
		want   Verdict
		size   float64
	}{
		{"", Supported, 0},
		{`effect = { relative = 0.01 }`, Supported, 0.1},
		{`effect = { relative = 0.05 }`, Tie, 0.5},
		{`effect = { absolute = 0.3, why = "the grid's own step" }`, Tie, 0.3},
		// b is 7.5 to 12.5 over six seeds: mean 10, sd √3.5.
		{`effect = { spread = 0.05 }`, Supported, 0.05 * math.Sqrt(3.5)},
		{`effect = { spread = 0.5 }`, Tie, 0.5 * math.Sqrt(3.5)},
	} {
		s := reporttest.Load(t, strings.Replace(reporttest.Suite(t, "claims"), `paper  = "0.1 against 0.2"`, test.effect, 1), func(c *suites.Cell, r *results.Run) {
			x := 7.5 + float64(c.Seed)
			if r.Objective == "tb" {
				x += -0.2 + 0.001*float64(c.Seed-3)
			}
			reporttest.Curve(r, 10, x)
		})
		list, err := Judge(s, "better")
		if err != nil {
			t.Fatal(err)
		}
		got := list[0].Tests[0]
		if got.Verdict != test.want || math.Abs(got.Size-test.size) > 1e-12 {
			t.Errorf("%s: %s, size %v; want %s, %v", test.effect, got.Verdict, got.Size, test.want, test.size)
		}
		inside := got.Low > -got.Size && got.High < got.Size
		if inside != (test.want == Tie) {
			t.Errorf("%s: %s with the interval [%v, %v] and the size %v", test.effect, got.Verdict, got.Low, got.High, got.Size)
		}
	}
}

// TestOverNeedsInstances: a claim over instances of a task with one instance is rejected.
func TestOverNeedsInstances(t *testing.T) {
	text := strings.Replace(reporttest.Suite(t, "claims"), `paper  = "0.1 against 0.2"`, `over = "instances"`, 1)
	if _, err := suites.Parse("suite.toml", []byte(text), nil); err == nil || !strings.Contains(err.Error(), "[environment.grid] has one") {
		t.Errorf("parsed with %v", err)
	}
}

// TestWideMargin: three arms that differ by at most 0.2 all pass a margin of 5% of 10,
// and the claim says so; if one of them is at 12 they do not.
func TestWideMargin(t *testing.T) {
	for far, want := range map[float64]bool{0.1: true, 2: false} {
		text := strings.Replace(reporttest.Suite(t, "claims"), "margin = 0.5", "margin = { relative = 0.05 }", 1)
		s := reporttest.Load(t, text, func(c *suites.Cell, r *results.Run) {
			x := 10 + float64(c.Seed)/100
			switch r.Objective {
			case "db":
				x += 0.1
			case "vargrad":
				x += far
			}
			reporttest.Curve(r, 20, x)
		})
		list, err := Judge(s, "equal")
		if err != nil {
			t.Fatal(err)
		}
		if notes := strings.Join(list[0].Tests[0].Notes, "; "); list[0].Verdict != Supported || strings.Contains(notes, "is uninformative") != want {
			t.Errorf("an arm %v off: %s, notes %q", far, list[0].Verdict, notes)
		}
	}
}
