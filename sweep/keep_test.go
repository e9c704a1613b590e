package sweep

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/results"
	"gfnbench/results/columnar"
	"gfnbench/usage"
)

// keeping is tiny with networks that are kept.
const keeping = tiny + `[keep]
policies = ["final", "best", 0, 5]
metric = "l1"
`

// policyFiles returns the kept networks of a directory, by cell.
func policyFiles(t *testing.T, p *Plan) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, c := range p.Cells {
		b, err := os.ReadFile(PolicyPath(p.Dir, c.ID))
		must(t, err)
		files[c.ID] = string(b)
	}
	return files
}

// Keeping networks changes neither ids nor rows. The best is the first of the best
// evaluations, and every network is that of its step.
func TestKeep(t *testing.T) {
	dir := t.TempDir()
	if s := run(t, keeping, dir, Selection{}, Options{Workers: 2}); s.Digest != expect(t, tiny) || s.Unkept != 0 {
		t.Errorf("with kept networks: digest %s, want that without; %d unkept", s.Digest, s.Unkept)
	}
	set, err := results.Read(dir)
	must(t, err)
	for i := range set.Runs {
		r := &set.Runs[i]
		list, err := ReadPolicies(dir, r)
		must(t, err)
		steps := map[string]int{}
		for _, k := range list {
			steps[k.Name] = k.Step
		}
		best, least := 0, 3.0
		for _, p := range r.Curve {
			if x, _ := p.Get(metric.L1); x < least {
				best, least = int(p.Step), x
			}
		}
		if len(list) != 4 || steps["0"] != 0 || steps["5"] != 5 || steps["final"] != 8 || steps["best"] != best {
			t.Errorf("cell %s keeps %v, and its best step is %d", r.ID, steps, best)
		}
	}
}

// Whatever happens on the way, the same files are there at the end: interruptions,
// shards that are merged, damage that is mended, cells that were trained without.
func TestKeepOnTheWay(t *testing.T) {
	whole := load(t, keeping, t.TempDir(), Selection{})
	s, err := Run(context.Background(), whole, Options{})
	must(t, err)
	want, digest := policyFiles(t, whole), s.Digest
	same := func(t *testing.T, p *Plan) {
		t.Helper()
		for id, file := range policyFiles(t, p) {
			if file != want[id] {
				t.Errorf("the networks of cell %s are others", id)
			}
		}
		if s, err := Summarize(p); err != nil || s.Digest != digest || s.Unkept != 0 {
			t.Errorf("digest %s, want %s; %d unkept, %v", s.Digest, digest, s.Unkept, err)
		}
		if e, err := Evaluate(context.Background(), p, Measurement{Metrics: []metric.Metric{metric.FCS}, Set: []string{"fcs.count=2"}}, Options{}); err != nil || e.Networks != 48 {
			t.Errorf("%+v, %v", e, err) // the hashes in the results are those of the files
		}
	}
	t.Run("interrupted", func(t *testing.T) {
		p := load(t, keeping, t.TempDir(), Selection{})
		r := &trainer{setting: settingOf(p, Options{}), checkpoints: true}
		must(t, prepare(r.options.FS, p, false))
		for _, c := range p.Cells {
			for _, until := range []int{3, 6} { // a checkpoint there, as where it is interrupted
				r.train(context.Background(), task{cell: c, attempt: 1, until: until})
			}
		}
		_, err := Run(context.Background(), p, Options{})
		must(t, err)
		same(t, p)
	})
	t.Run("merged", func(t *testing.T) {
		var dirs []string
		for i := range 3 {
			dirs = append(dirs, t.TempDir())
			run(t, keeping, dirs[i], Selection{Shard: Shard{i + 1, 3}}, Options{})
		}
		out := filepath.Join(t.TempDir(), "all")
		_, err := Merge(dirs, out, false, Options{})
		must(t, err)
		same(t, load(t, keeping, out, Selection{}))
	})
	t.Run("mended", func(t *testing.T) {
		p := load(t, keeping, t.TempDir(), Selection{})
		_, err := Run(context.Background(), p, Options{})
		must(t, err)
		must(t, os.WriteFile(PolicyPath(p.Dir, p.Cells[0].ID), []byte("damaged"), 0o644))
		must(t, os.Remove(PolicyPath(p.Dir, p.Cells[1].ID)))
		m, err := Mend(p.Dir, "", Options{})
		if err != nil || len(m.Policies) != 2 {
			t.Fatalf("mended %+v, %v", m, err)
		}
		_, err = Run(context.Background(), p, Options{Unkept: true})
		must(t, err)
		same(t, p)
	})
	t.Run("retried as told", func(t *testing.T) {
		p := load(t, keeping, t.TempDir(), Selection{})
		_, err := Run(context.Background(), p, Options{})
		must(t, err)
		set, err := results.Read(p.Dir)
		must(t, err)
		for _, c := range []struct {
			advice string
			damage func(path string) error
		}{
			{"sweep retry " + usage.QuotePath(p.Dir) + " --unkept trains the cell again", os.Remove},
			{"sweep retry " + usage.QuotePath(p.Dir) + " --unkept trains it again", func(path string) error { return os.WriteFile(path, nil, 0o644) }},
		} {
			must(t, c.damage(PolicyPath(p.Dir, set.Runs[0].ID)))
			if _, err := ReadPolicies(p.Dir, &set.Runs[0]); err == nil || !strings.Contains(err.Error(), c.advice) {
				t.Errorf("%v, want %q", err, c.advice)
			}
			_, err = Run(context.Background(), p, Options{Unkept: true})
			must(t, err)
		}
		same(t, p)
	})
	t.Run("merged without", func(t *testing.T) {
		dir, out := t.TempDir(), filepath.Join(t.TempDir(), "all")
		run(t, keeping, dir, Selection{}, Options{})
		must(t, os.RemoveAll(filepath.Join(dir, policiesDir)))
		var said bytes.Buffer
		_, err := Merge([]string{dir}, out, false, Options{Progress: NewProgress(&said, Lines)})
		must(t, err)
		if advice := "sweep retry " + usage.QuotePath(out) + " --unkept trains these cells again"; !strings.Contains(said.String(), advice) {
			t.Errorf("%q, want %q", &said, advice)
		}
		p := load(t, keeping, out, Selection{})
		p.Replace = true
		_, err = Run(context.Background(), p, Options{Unkept: true})
		must(t, err)
		same(t, p)
	})
	t.Run("trained without", func(t *testing.T) {
		dir := t.TempDir()
		run(t, tiny, dir, Selection{}, Options{})
		p := load(t, keeping, dir, Selection{})
		p.Replace = true // the suite lies elsewhere now
		s, err := Run(context.Background(), p, Options{})
		if err != nil || s.Unkept != 12 || s.Cached != 12 {
			t.Fatalf("%+v, %v", s, err)
		}
		_, err = Run(context.Background(), p, Options{Unkept: true})
		must(t, err)
		same(t, p)
	})
	t.Run("begun without", func(t *testing.T) {
		dir := t.TempDir()
		r := &trainer{setting: settingOf(load(t, tiny, dir, Selection{}), Options{}), checkpoints: true}
		must(t, prepare(r.options.FS, r.plan, false))
		for _, c := range r.plan.Cells {
			r.train(context.Background(), task{cell: c, attempt: 1, until: 6})
		}
		p := load(t, keeping, dir, Selection{})
		p.Replace = true
		_, err := Run(context.Background(), p, Options{})
		must(t, err)
		same(t, p)
	})
}

// A metric that is added is what training with it records, to the bit, and only for the
// networks that were evaluated; the digest stays.
func TestEvaluate(t *testing.T) {
	const fcs = "fcs = { count = 4, size = 3 }\n"
	with := t.TempDir()
	run(t, strings.Replace(tiny, "[run]\n", "[run]\n"+fcs, 1), with, Selection{}, Options{})
	want, err := results.Read(with)
	must(t, err)
	values := map[string]float64{} // by environment, objective and seed
	name := func(r *results.Run) string { return r.Environment + r.Objective + string(rune('0'+r.Seed)) }
	for i := range want.Runs {
		final := want.Runs[i].Final()
		values[name(&want.Runs[i])], _ = final.Get(metric.FCS)
	}

	p := load(t, keeping, t.TempDir(), Selection{})
	s, err := Run(context.Background(), p, Options{})
	must(t, err)
	m := Measurement{Metrics: []metric.Metric{metric.FCS}, Policy: "final", Set: []string{"fcs.count=9", "fcs.size=3"}}
	_, err = Evaluate(context.Background(), p, m, Options{Workers: 2})
	must(t, err)
	m.Set[0] = "fcs.count=4" // in place of the values with 9
	e, err := Evaluate(context.Background(), p, m, Options{Workers: 2})
	if err != nil || e.Networks != 12 || e.Cells != 12 {
		t.Fatalf("%+v, %v", e, err)
	}
	added, err := results.ReadAdded(p.Dir)
	must(t, err)
	set, err := results.Read(p.Dir)
	must(t, err)
	if len(added) != 12 || set.Digest() != s.Digest {
		t.Errorf("%d rows were added, digest %s, want 12 and %s", len(added), set.Digest(), s.Digest)
	}
	for i := range added {
		if got, ok := added[i].Get(metric.FCS); !ok || got != values[name(set.Find(added[i].Cell))] {
			t.Errorf("%+v, want %v as training with it records", added[i], values[name(set.Find(added[i].Cell))])
		}
	}
}

// A network that is not the recorded one is not measured, and a setting that changes
// training is not taken.
func TestEvaluateRefuses(t *testing.T) {
	p := load(t, keeping, t.TempDir(), Selection{})
	_, err := Run(context.Background(), p, Options{})
	must(t, err)
	m := Measurement{Metrics: []metric.Metric{metric.FCS}, Set: []string{"steps=3"}}
	if _, err := Evaluate(context.Background(), p, m, Options{}); err == nil || !strings.Contains(err.Error(), "which change no training") {
		t.Errorf("with steps=3: %v", err)
	}
	m.Set = nil
	if _, err := Evaluate(context.Background(), p, m, Options{}); err == nil || !strings.Contains(err.Error(), "fcs is not measured") {
		t.Errorf("without fcs.count: %v", err)
	}
	m.Set = []string{"fcs.count=2"}
	set, err := results.Read(p.Dir)
	must(t, err)
	other := set.Runs[0]
	other.Curve = append([]results.Point(nil), other.Curve...)
	other.Curve[len(other.Curve)-1].Set(metric.L1, 0.25)
	e := &evaluator{setting: settingOf(p, Options{}), of: m, done: &Evaluated{}}
	for _, c := range p.Cells {
		if c.ID == other.ID {
			if err := e.cell(c, &other); err == nil || !strings.Contains(err.Error(), "l1 at step 8 was recorded as 0.25") {
				t.Errorf("of another network: %v", err)
			}
		}
	}
	must(t, os.WriteFile(PolicyPath(p.Dir, p.Cells[3].ID), []byte("altered"), 0o644))
	if _, err := Evaluate(context.Background(), p, m, Options{}); err == nil || !strings.Contains(err.Error(), "altered since") {
		t.Errorf("of an altered file: %v", err)
	}
}

// samplesText returns the rows of samples, a line each.
func samplesText(t *testing.T, file []byte) string {
	t.Helper()
	r, err := columnar.Open(bytes.NewReader(file), int64(len(file)))
	must(t, err)
	var text strings.Builder
	for g := range r.Groups() {
		columns := map[string]*columnar.Column{}
		for i, f := range r.Fields() {
			columns[f.Name] = new(columnar.Column)
			must(t, r.Read(g, i, columns[f.Name]))
		}
		for i, state := range columns["state"].Strings {
			logPF, logPB := columns["log_pf"].Floats[i], columns["log_pb"].Floats[i]
			if logPF > 0 || logPB > 0 || state == "" {
				t.Errorf("%s with log p_F %v and log p_B %v is no sample", state, logPF, logPB)
			}
			fmt.Fprintln(&text, columns["sample"].Ints[i], state, logPF, logPB, columns["log_r"].Floats[i])
		}
	}
	return text.String()
}

// Equal requests give equal samples, and fewer samples are the first of more.
func TestSample(t *testing.T) {
	p := load(t, keeping, t.TempDir(), Selection{})
	_, err := Run(context.Background(), p, Options{})
	must(t, err)
	draw := func(s Samples) string {
		var b bytes.Buffer
		s.Cell = p.Cells[0].ID
		must(t, Sample(p, s, &b, Options{Anonymous: true}))
		return samplesText(t, b.Bytes())
	}
	all := draw(Samples{N: 1100, Seed: 1})
	if draw(Samples{N: 1100, Seed: 1}) != all || !strings.HasPrefix(all, draw(Samples{N: 1030, Seed: 1})) {
		t.Error("the samples of a seed are not always the same")
	}
	if strings.Count(all, "\n") != 1100 || draw(Samples{N: 1100, Seed: 2}) == all || draw(Samples{N: 1100, Seed: 1, Policy: "best"}) == all {
		t.Error("another seed, or another network, gives the same samples")
	}
	if err := Sample(p, Samples{Cell: p.Cells[0].ID, N: 1, Policy: "bets"}, &bytes.Buffer{}, Options{}); err == nil || !strings.Contains(err.Error(), `did you mean "best"?`) {
		t.Errorf("another name: %v", err)
	}
	plain := load(t, tiny, t.TempDir(), Selection{})
	_, err = Run(context.Background(), plain, Options{})
	must(t, err)
	if err := Sample(plain, Samples{Cell: plain.Cells[0].ID, N: 1}, &bytes.Buffer{}, Options{}); !errors.Is(err, ErrNotKept) {
		t.Errorf("without networks: %v", err)
	}
}
