package page

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/report/reporttest"
	"gfnbench/results"
	"gfnbench/suites"
)

// growing returns pages of a sweep at two times, as they are served. At the first, the
// runs of vargrad are cut short and those of reverse-kl with its control variate are
// still to come.
func growing(t *testing.T) [2][]byte {
	t.Helper()
	suite := readFile(t, "testdata/suite.toml")
	var pages [2][]byte
	for i := range pages {
		dir := filepath.Join(t.TempDir(), "example")
		err := reporttest.Write(dir, suite, func(c *suites.Cell, r *results.Run) {
			switch {
			case i == 0 && r.Objective == "vargrad":
				r.Status, r.Curve = results.Interrupted, r.Curve[:2]
			case i == 0 && c.Value("control_variate").Text() == "loo":
				r.Status = ""
			}
		})
		if err != nil {
			t.Fatal(err)
		}
		p := pageOf(t, dir)
		p.Live = fmt.Sprint(i + 1)
		pages[i] = write(t, p)
	}
	return pages
}

// trained returns what is being trained, with that many evaluations.
func trained(t *testing.T, points int) []byte {
	t.Helper()
	cell := Running{Name: "tb", Environment: "grid", Objective: "tb"}
	line := NamedLine{Metric: metric.L1}
	for i := range points {
		cell.X, line.Y = append(cell.X, float64(i)), append(line.Y, 1/float64(i+1))
	}
	cell.Metrics = []NamedLine{line}
	figure, err := RunningFigure([]Running{cell})
	if err != nil {
		t.Fatal(err)
	}
	return figure
}

// TestLive uses a page while results arrive: what was opened, chosen, typed, sorted,
// switched off and scrolled to stays, the keyboard's focus too, and everything shows the
// new results. Screen readers are told of them once.
func TestLive(t *testing.T) {
	pages := growing(t)
	for i := range pages {
		b, err := os.ReadFile(act(t, pages[i], readFile(t, "testdata/live.js")))
		if err != nil {
			t.Fatal(err)
		}
		pages[i] = b
	}
	var now atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		version := int(now.Load())
		switch r.URL.Path {
		case "/":
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write(pages[version])
		case "/live":
			_ = json.NewEncoder(w).Encode(map[string]any{
				"version": fmt.Sprint(version + 1), "facts": [][2]string{{"example", fmt.Sprintf("version %d", version+1)}},
				"figure": json.RawMessage(trained(t, 3+version)),
			})
		case "/next":
			now.Store(1)
		}
	}))
	defer server.Close()
	dom, console := visitURL(t, server.URL+"/", "--virtual-time-budget=30000", "--window-size=1200,900")
	var got map[string]any
	outcome(t, dom, console, &got)
	b, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "live.golden", append(b, '\n'))
}

// TestRunningFigure: what is being trained has the colours of its objectives, and is a
// figure before anything was evaluated, too.
func TestRunningFigure(t *testing.T) {
	type data struct {
		Labels []labelData
		Panels []struct{ Lines []struct{ L int } }
	}
	read := func(b []byte, err error) (d data) {
		if err == nil {
			err = json.Unmarshal(b, &d)
		}
		if err != nil || d.Labels == nil || d.Panels == nil {
			t.Fatalf("%s, %v", b, err)
		}
		return d
	}
	read(RunningFigure(nil))
	if d := read(RunningFigure([]Running{{Name: "x", Environment: "grid", Objective: "tb"}})); len(d.Labels) != 0 || len(d.Panels) != 1 {
		t.Errorf("before anything was evaluated: %+v", d)
	}
	line := []NamedLine{{Metric: metric.L1, Y: []float64{1}}}
	d := read(RunningFigure([]Running{
		{"a", "grid", "reverse-kl", []float64{0}, line}, {"b", "grid", "reverse-kl", []float64{0}, line}, {"c", "grid", "vargrad", []float64{0}, line},
	}))
	if l := d.Labels; len(l) != 3 || l[0].Color != "#0072b2" || l[1].Color != l[0].Color || l[1].Dashes == l[0].Dashes || l[2].Color != "#cc79a7" {
		t.Errorf("%+v", l)
	}
}
