package suites

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gfnbench/suites/document"
)

// describe writes the cells' values in some columns, one line per cell.
func describe(cells []*Cell, columns ...string) string {
	var b strings.Builder
	for _, c := range cells {
		parts := make([]string, len(columns))
		for i, name := range columns {
			parts[i] = Format(c.Value(name))
		}
		fmt.Fprintln(&b, strings.Join(parts, " "))
	}
	return b.String()
}

// TestExpansion checks which cells each suite has.
func TestExpansion(t *testing.T) {
	const one = "[run]\nseeds = 1\n"
	tests := []struct {
		name, text string
		set        []string
		columns    []string
		want       string
		count      Count
	}{
		{
			name: "an axis multiplies only where it applies",
			text: one + `[[grid]]
				environment = ["grid"]
				objective = ["tb", "renyi", "reverse-kl"]
				alpha = [0.5, 2]
				control_variate = ["none", "loo"]
				optimizer.log_z_init = ["zero", "batch"]`,
			columns: []string{"objective", "alpha", "control_variate", "optimizer.log_z_init"},
			want: "tb none none zero\ntb none none batch\n" +
				"renyi 0.5 none none\nrenyi 0.5 loo none\nrenyi 2 none none\nrenyi 2 loo none\n" +
				"reverse-kl none none none\nreverse-kl none loo none\n",
			count: Count{Grids: []int{8}},
		},
		{
			name: "the paper's control variate of the KLs is leave-one-out",
			text: one + `[[grid]]
				environment = ["grid"]
				objective = ["forward-kl", "tsallis"]
				alpha = [0.5]
				control_variate = ["loo", "paper"]`,
			columns: []string{"objective", "control_variate"},
			want:    "forward-kl loo\ntsallis loo\ntsallis paper\n",
			count:   Count{Grids: []int{4}, Duplicates: 1},
		},
		{
			name: "tokens are read by networks on sequences, and one padding has two names",
			text: one + `[environment.words]
				kind = "sequences"
				instance_seed = 1
				elements = 3
				length = 2
				[[grid]]
				environment = ["grid", "words"]
				objective = ["tb"]
				policy.input = ["one-hot", "ids"]
				policy.pad = ["end", 3, -1]`,
			columns: []string{"environment", "policy.input", "policy.pad"},
			want:    "grid none none\nwords one-hot none\nwords ids end\nwords ids -1\n",
			count:   Count{Grids: []int{5}, Duplicates: 1},
		},
		{
			name: "starts of log Z have one form, and schedules one name",
			text: one + `[[grid]]
				environment = ["grid"]
				objective = ["tb"]
				optimizer.log_z_init = ["shift+6.0", "shift+0", 0, "exact-1.2e1", -3]
				[[grid]]
				environment = ["grid"]
				objective = ["tb", "reverse-kl"]
				optimizer.log_z_schedule = ["same", "polynomial", "constant"]`,
			columns: []string{"objective", "optimizer.log_z_init", "optimizer.log_z_schedule"},
			want: "tb shift+6 same\ntb shift same\ntb zero same\ntb exact-12 same\ntb -3 same\n" +
				"tb zero constant\nreverse-kl none none\n",
			count: Count{Grids: []int{5, 4}, Duplicates: 2},
		},
		{
			name: "equal cells of several grids are one",
			text: one + `[[grid]]
				environment = ["grid"]
				objective = ["tb"]
				[[grid]]
				objective = ["tb"]
				batch = [128, 64]`,
			columns: []string{"environment", "batch"},
			want:    "grid 128\ngrid 64\nsets 128\nsets 64\n",
			count:   Count{Grids: []int{1, 4}, Duplicates: 1},
		},
		{
			name: "precedence: defaults, run, environment, grid, override, command line",
			text: `[run]
				seeds = 1
				steps = 1
				batch = 1
				eval_every = 1
				clip_norm = 1.0
				top_k = 1
				[environment.e]
				kind = "hypergrid"
				batch = 2
				eval_every = 2
				clip_norm = 2.0
				top_k = 2
				[[grid]]
				environment = ["e"]
				objective = ["tb"]
				eval_every = [3]
				[[override]]
				match = { environment = "e" }
				set = { clip_norm = 4.0, top_k = 4 }`,
			set:     []string{"top_k=5"},
			columns: []string{"fcs.count", "steps", "batch", "eval_every", "clip_norm", "top_k"},
			want:    "0 1 2 3 4 5\n",
			count:   Count{Grids: []int{1}, Overridden: 1},
		},
		{
			name: "tables merge key by key",
			text: `[run]
				seeds = 1
				optimizer = { lr = 0.5, beta1 = 0.5 }
				[environment.e]
				kind = "hypergrid"
				optimizer = { beta1 = 0.25 }
				[[grid]]
				environment = ["e"]
				objective = ["tb"]`,
			columns: []string{"optimizer.lr", "optimizer.beta1", "optimizer.beta2"},
			want:    "0.5 0.25 0.999\n",
			count:   Count{Grids: []int{1}},
		},
		{
			name: "an override that makes cells equal removes them",
			text: one + `[[grid]]
				environment = ["grid"]
				objective = ["tb"]
				[[grid]]
				environment = ["grid"]
				objective = ["tb"]
				batch = [64, 256]
				[[exclude]]
				match = { batch = [256] }
				why = "to see it"
				[[override]]
				match = { batch = 128 }
				set = { batch = 64 }`,
			columns: []string{"batch"},
			want:    "64\n",
			count:   Count{Grids: []int{1, 2}, Excluded: 1, Overridden: 1, Duplicates: 1},
		},
		{
			name: "what an override brings into play has its default",
			text: one + `[environment.e]
				kind = "hypergrid"
				optimizer = { schedule = "cosine" }
				[[grid]]
				environment = ["e"]
				objective = ["tb", "vargrad"]
				[[override]]
				match = { objective = "tb" }
				set = { optimizer.schedule = "polynomial" }`,
			columns: []string{"objective", "optimizer.schedule", "optimizer.power"},
			want:    "tb polynomial 1\nvargrad cosine none\n",
			count:   Count{Grids: []int{2}, Overridden: 1},
		},
		{
			name: "one parent, or a continuous space, leaves no backward policy to learn",
			text: `[run]
				seeds = 1
				backward = "learned"
				exploration = 0.1
				[environment.tree]
				kind = "sequences"
				elements = 2
				length = 2
				instance_seed = 1
				[environment.plane]
				kind = "gmm"
				[[grid]]
				environment = ["grid", "tree", "plane"]
				objective = ["tb", "vargrad", "reverse-kl"]`,
			columns: []string{"environment", "objective", "backward", "exploration", "importance", "policy.kind", "policy.components", "top_k"},
			want: "grid tb learned 0.1 none mlp none 100\ngrid vargrad learned 0.1 none mlp none 100\ngrid reverse-kl learned none none mlp none 100\n" +
				"tree tb none 0.1 none mlp none 100\ntree vargrad none 0.1 none mlp none 100\ntree reverse-kl none none none mlp none 100\n" +
				"plane tb none none none mixture 5 none\nplane vargrad none none none mixture 5 none\nplane reverse-kl none none none mixture 5 none\n",
			count: Count{Grids: []int{9}},
		},
		{
			name: "divergences explore with weights",
			text: one + `[[grid]]
				environment = ["grid"]
				objective = ["tb", "reverse-kl"]
				exploration = [0.0, 0.1]
				importance = [true, false]`,
			columns: []string{"objective", "exploration", "importance"},
			want:    "tb 0 none\ntb 0.1 none\nreverse-kl none none\nreverse-kl 0.1 true\n",
			count:   Count{Grids: []int{5}, Duplicates: 1},
		},
		{
			name: "seeds by environment",
			text: `[run]
				seeds = [5]
				[environment.e]
				kind = "hypergrid"
				seeds = 2
				[[grid]]
				environment = ["grid", "e"]
				objective = ["tb"]`,
			columns: []string{"environment", "seed"},
			want:    "grid 5\ne 0\ne 1\n",
			count:   Count{Grids: []int{3}},
		},
		{
			name: "the command line may collapse an axis",
			text: one + `[[grid]]
				environment = ["grid"]
				objective = ["tb"]
				batch = [1, 2, 3]`,
			set:     []string{"batch=7", "optimizer.log_z_init=batch", "optimizer.lr=1e-2", "policy.hidden=[8]"},
			columns: []string{"batch", "optimizer.log_z_init", "optimizer.lr", "policy.hidden"},
			want:    "7 batch 0.01 [8]\n",
			count:   Count{Grids: []int{3}, Overridden: 3, Duplicates: 2},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := mustParse(t, twoTasks+test.text, test.set...)
			if diff := cmp.Diff(test.want, describe(s.Cells, test.columns...)); diff != "" {
				t.Errorf("cells (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.count, s.Count); diff != "" {
				t.Errorf("count (-want +got):\n%s", diff)
			}
		})
	}
}

// TestSetProblems checks what --set and the expansion reject.
func TestSetProblems(t *testing.T) {
	const grid = "[[grid]]\nenvironment = [\"grid\"]\nobjective = [\"tb\"]\n"
	tests := []struct{ text, set, want string }{
		{grid, "stps=10", `--set stps=10:1:1: unknown key "stps" in --set (did you mean "steps"?)`},
		{grid, "steps=many", `--set steps=many:1:9: steps is "many": expected an integer of at least 1`},
		{grid, "steps", "--set steps: expected key=value, such as steps=100 or optimizer.lr=1e-3"},
		{grid, "alpha=0.5", "--set alpha=0.5:1:1: alpha is an axis: -f alpha=VALUE chooses cells, and --set grid.1.alpha=[...] changes a list"},
	}
	for _, test := range tests {
		var set []string
		if test.set != "" {
			set = append(set, test.set)
		}
		_, err := Parse("suite.toml", []byte(twoTasks+test.text), nil, set...)
		if err == nil || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%q: error is %v, expected %s", test.set, err, test.want)
		}
	}
}

// TestTooManyCells: an expansion stops before it takes all memory.
func TestTooManyCells(t *testing.T) {
	text := twoTasks + "[[grid]]\nobjective = [\"tb\", \"db\"]\n"
	root, problems := document.Parse("suite.toml", text)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	r := &reader{suite: &Suite{instances: make(map[string]*instance)}, limit: 11}
	_, err := r.read(root, nil)
	if want := "suite.toml:11:1: the suite expands to more than 11 cells: split it\n"; err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("error is %v, expected %s", err, want)
	}
}

// TestParamAxes sweeps parameters of environments.
func TestParamAxes(t *testing.T) {
	s := mustParse(t, twoTasks+`
[run]
seeds = 1
[[grid]]
objective = ["tb", "vargrad"]
params.height = [6, 7]
params.size = [2, 3]
[[exclude]]
match = { "params.height" = 6, objective = "vargrad" }
why = "to see it"
[[override]]
match = { environment = "sets", params.size = 3, objective = "vargrad" }
set = { params.elements = 10 }
`)
	want := "grid tb 6 none none\ngrid tb 7 none none\ngrid vargrad 7 none none\n" +
		"sets tb none 8 2\nsets tb none 8 3\nsets vargrad none 8 2\nsets vargrad none 10 3\n"
	if diff := cmp.Diff(want, describe(s.Cells, "environment", "objective", "params.height", "params.elements", "params.size")); diff != "" {
		t.Errorf("cells (-want +got):\n%s", diff)
	}
	if got := s.Cells[len(s.Cells)-1].Spec().Params.Int("elements"); got != 10 {
		t.Errorf("the last cell has %d elements, expected 10", got)
	}
	if s.Cells[0].Instance() == s.Cells[1].Instance() || s.Cells[1].Instance() != s.Cells[2].Instance() {
		t.Error("cells share an environment exactly where its parameters are equal: not so")
	}
}

func TestFilterAndShard(t *testing.T) {
	s := mustParse(t, twoTasks+`
[[grid]]
objective = ["tb", "renyi", "reverse-kl"]
alpha = [0.5, -1]
policy.hidden = [[8], [8, 8]]
`)
	// Filters.
	tests := []struct {
		filters []string
		want    int
		err     string
	}{
		{nil, 48, ""},
		{[]string{"objective=tb"}, 12, ""},
		{[]string{"objective=tb,renyi", "environment=sets"}, 18, ""},
		{[]string{"objective=tb,renyi,environment=sets"}, 18, ""},
		{[]string{"alpha=0.5,null"}, 36, ""},
		{[]string{"alpha=0.5,none"}, 36, ""},
		{[]string{"cell=" + s.Cells[7].ID[:10] + "," + s.Cells[0].ID}, 2, ""},
		{[]string{"cell=null"}, 0, ""},
		{[]string{"alpha=-1.0", "seed=1,2"}, 8, ""},
		{[]string{"policy.hidden=[8,8]"}, 24, ""},
		{[]string{"objective=tb", "objective=renyi"}, 0, ""},
		{[]string{"objectve=tb"}, 0, `filter "objectve=tb": unknown key "objectve" (did you mean "objective"?)`},
		{[]string{"objective=tbb"}, 0, `filter "objective=tbb": objective is "tbb": expected one of`},
		{[]string{"environment=set"}, 0, `filter "environment=set": there is no environment "set" (did you mean "sets"?)`},
		{[]string{"alpha=half"}, 0, `filter "alpha=half": alpha is "half": expected a number other than 0 and 1`},
		{[]string{"tb"}, 0, `filter "tb": expected key=value`},
		{[]string{"cell="}, 0, `filter "cell=": cell is empty`},
	}
	for _, test := range tests {
		cells, err := s.Filter(test.filters)
		if test.err != "" {
			if err == nil || !strings.HasPrefix(err.Error(), test.err) {
				t.Errorf("%v: error is %v, expected %s", test.filters, err, test.err)
			}
			continue
		}
		if err != nil || len(cells) != test.want {
			t.Errorf("%v: %d cells and error %v, expected %d cells", test.filters, len(cells), err, test.want)
		}
	}
}

// TestSamples: points are the same every time and for every objective, and within their
// bounds.
func TestSamples(t *testing.T) {
	for _, method := range []string{"random", "latin-hypercube", "halton"} {
		s := mustParse(t, fmt.Sprintf(twoTasks+`
[run]
seeds = 1
[[sample]]
method = %q
count = 16
environment = ["grid"]
objective = ["tb", "vargrad"]
"optimizer.lr" = { log_uniform = [1e-4, 1e-1] }
optimizer.beta1 = { uniform = [0.5, 0.99] }
batch = { integer = [8, 15] }
policy.hidden = { choice = [[8], [16]] }
`, method))
		again := mustParse(t, string(s.Text))
		if diff := cmp.Diff(ids(s.Cells), ids(again.Cells)); diff != "" {
			t.Errorf("%s: two readings differ:\n%s", method, diff)
		}
		if len(s.Cells) != 32 {
			t.Fatalf("%s: %d cells, expected 16 points and 2 objectives", method, len(s.Cells))
		}
		low, strata := 0, make(map[int]bool)
		for i, c := range s.Cells[:16] {
			lr, batch := c.Value("optimizer.lr").Float(), c.Value("batch").Int()
			if lr < 1e-4 || lr > 1e-1 || batch < 8 || batch > 15 {
				t.Errorf("%s: lr %v, batch %d", method, lr, batch)
			}
			if lr < 10e-4*3.1622776601683795 { // the middle of the range, 10^-2.5
				low++
			}
			strata[batch] = true
			if twin := s.Cells[16+i]; twin.Value("optimizer.lr").Float() != lr || twin.Value("batch").Int() != batch {
				t.Errorf("%s: point %d differs between objectives", method, i)
			}
		}
		// A Latin hypercube has exactly one point in each sixteenth; a
		// quasi-random sequence is nearly as even.
		if method == "latin-hypercube" && (low != 8 || len(strata) != 8) {
			t.Errorf("%s: %d of 16 points in the lower half, %d of 8 batch sizes", method, low, len(strata))
		}
		if low < 3 || low > 13 {
			t.Errorf("%s: %d of 16 points in the lower half", method, low)
		}
	}
}

func TestSpec(t *testing.T) {
	s := mustParse(t, twoTasks+`
[run]
seeds = [4]
modes = { threshold = 2.0 }
fcs = { count = 3 }
[[grid]]
environment = ["grid"]
objective = ["linex", "subtb", "tsallis"]
alpha = [0.25]
optimizer.log_z_init = [1.5]
control_variate = ["paper"]
[variance]
on = { objective = "tsallis" }
steps = [0, 10]
objective = ["reverse-kl", "renyi", "tb"]
alpha = [0.5]
control_variate = ["loo", "paper"]
`)
	// Settings of training.
	linex, subtb, tsallis := s.Cells[0].Spec(), s.Cells[1].Spec(), s.Cells[2].Spec()
	if linex.Objective.Params.Float("a") != 1 || subtb.Objective.Params.Float("lambda") != 0.9 || tsallis.Objective.Params.Float("alpha") != 0.25 || tsallis.Objective.ControlVariate != "paper" {
		t.Errorf("objectives: %+v, %+v, %+v", linex.Objective, subtb.Objective, tsallis.Objective)
	}
	if linex.Optimizer.LogZInit != "value" || linex.Optimizer.LogZValue != 1.5 {
		t.Errorf("log Z starts at %q, %v", linex.Optimizer.LogZInit, linex.Optimizer.LogZValue)
	}
	if o := subtb.Optimizer; o.LogZInit != "value" || o.LogZSchedule != "" {
		t.Errorf("the optimizer of subtb: %+v", o)
	}
	if linex.Modes.Threshold == nil || *linex.Modes.Threshold != 2 || linex.FCS.Count != 3 || linex.FCS.Size != 128 {
		t.Errorf("modes %+v, fcs %+v", linex.Modes, linex.FCS)
	}
	// The measurement of variance.
	if linex.Variance != nil || tsallis.Variance == nil {
		t.Fatalf("variance: %v and %v, expected it of the last cell only", linex.Variance, tsallis.Variance)
	}
	var pairs []string
	for _, o := range tsallis.Variance.Objectives {
		pairs = append(pairs, o.Name+" "+o.ControlVariate)
	}
	if diff := cmp.Diff([]string{"reverse-kl loo", "renyi loo", "renyi paper", "tb "}, pairs); diff != "" {
		t.Errorf("pairs (-want +got):\n%s", diff)
	}
}
