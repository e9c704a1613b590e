package reportcmd

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/report/page"
	"gfnbench/report/serve"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/sweep"
)

// watched reads the state of sweep directories, not more often than every second and for
// a fifth of the time at most.
type watched struct {
	dirs []string

	mu   sync.Mutex
	next time.Time
	last serve.Live
	err  error
}

// most is how many cells that are being trained are drawn.
const most = 64

func (w *watched) live() (serve.Live, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if time.Now().Before(w.next) {
		return w.last, w.err
	}
	began := time.Now()
	var facts [][2]string
	var cells []page.Running
	w.err = nil
	for _, dir := range w.dirs {
		f, c, err := look(dir, len(w.dirs) > 1)
		w.err = cmp.Or(w.err, err)
		facts, cells = append(facts, f...), append(cells, c...)
	}
	cells = cells[:min(len(cells), most)]
	w.last.Facts = facts
	figure, err := page.RunningFigure(cells)
	w.last.Figure, w.err = figure, cmp.Or(w.err, err)
	w.next = time.Now().Add(max(time.Second, 4*time.Since(began)))
	return w.last, w.err
}

// look says how far a sweep is, and what is being trained. Of several, each is named by
// its directory, because their suites and cells may be the same.
func look(dir string, several bool) (facts [][2]string, cells []page.Running, err error) {
	if err := confined(dir); err != nil {
		return nil, nil, err
	}
	p, err := sweep.Load(dir, "", sweep.Selection{})
	if err != nil {
		return nil, nil, err
	}
	s, err := sweep.ReadStatus(p)
	if err != nil {
		return nil, nil, err
	}
	trained, err := sweep.ReadLive(dir)
	if err != nil {
		return nil, nil, err
	}
	running := map[string]bool{}
	for _, h := range s.Held {
		for _, id := range h.Cells {
			running[id] = !h.Lost
		}
	}
	open := map[string]bool{}
	for _, id := range s.Open {
		open[id] = true
	}
	now, stopped := 0, 0
	for _, c := range p.Cells {
		l, ok := trained[c.ID]
		if !ok || !open[c.ID] {
			continue
		}
		if running[c.ID] {
			now++
		} else {
			stopped++
		}
		cell := runningCell(p, c, &l, running[c.ID])
		if several {
			cell.Name += " in " + dir
		}
		cells = append(cells, cell)
	}
	if several {
		s.Suite = dir
	}
	return factsOf(s, now, stopped), cells, nil
}

// factsOf says in words how far a sweep is.
func factsOf(s *sweep.Status, now, stopped int) (facts [][2]string) {
	add := func(term, format string, args ...any) {
		facts = append(facts, [2]string{term, fmt.Sprintf(format, args...)})
	}
	done := s.Cells - len(s.Open)
	add(s.Suite, "%d of %d cells have ended, %d in training, %d waiting", done, s.Cells, now, len(s.Open)-now)
	if stopped > 0 {
		add("stopped", "%d of those waiting, by an interruption or because their process died: sweep run continues them", stopped)
	}
	if s.CellsPerHour > 0 {
		add("speed", "%s cells per hour", sweep.Rate(s.CellsPerHour))
	}
	if s.TrajectoriesPerSecond > 0 {
		add("training", "%s trajectories per second and worker", sweep.Rate(s.TrajectoriesPerSecond))
	}
	if s.SecondsLeft > 0 && slices.ContainsFunc(s.Held, func(h sweep.Held) bool { return !h.Lost }) {
		add("time left", "about %s", sweep.Duration(s.SecondsLeft))
	}
	for _, f := range s.Failures {
		add(string(f.Status), "%d: %s", len(f.Cells), strings.ReplaceAll(f.Message, "\n", " "))
	}
	if n := s.Statuses[results.Diverged]; n > 0 {
		add("diverged", "%d", n)
	}
	return facts
}

// tells reports whether the cells of the cell's environment differ in a column, where it
// applies.
func tells(p *sweep.Plan, c *suites.Cell, column string) bool {
	return slices.ContainsFunc(p.Cells, func(other *suites.Cell) bool {
		v := other.Value(column)
		return other.EnvironmentName() == c.EnvironmentName() && !v.IsNull() && v != c.Value(column)
	})
}

// runningCell returns a cell for the page.
func runningCell(p *sweep.Plan, c *suites.Cell, l *sweep.LiveCell, running bool) page.Running {
	var name []string
	for _, column := range p.Suite.Columns {
		if v := c.Value(column.Name); column.Name != "environment" && !v.IsNull() && tells(p, c, column.Name) {
			text := suites.Format(v)
			if column.Name != "objective" && column.Name != "control_variate" {
				text = column.Name[strings.LastIndex(column.Name, ".")+1:] + "=" + text
			}
			name = append(name, text)
		}
	}
	r := page.Running{Name: strings.TrimSpace(strings.Join(name, " ") + " " + c.ID[:8]), Environment: c.EnvironmentName(), Objective: c.Value("objective").Text()}
	if !running {
		r.Name += ", stopped"
	}
	for _, point := range l.Points {
		r.X = append(r.X, float64(point.Step))
	}
	for _, m := range metric.Evaluated() {
		y := make([]float64, len(l.Points))
		for i, point := range l.Points {
			y[i] = math.NaN()
			if x, ok := point.Metrics[m.String()]; ok {
				y[i] = x
			}
		}
		if slices.ContainsFunc(y, func(x float64) bool { return !math.IsNaN(x) }) {
			r.Metrics = append(r.Metrics, page.NamedLine{Metric: m, Y: y})
		}
	}
	return r
}
