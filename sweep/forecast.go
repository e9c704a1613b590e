package sweep

import (
	"math"
	"slices"
	"strconv"
	"time"

	"gfnbench/results"
	"gfnbench/suites"
)

// A Forecast says what a run of a plan would do.
type Forecast struct {
	Suite  string             `json:"suite"`       // its name
	Dir    string             `json:"dir"`         // where the results go
	Suited int                `json:"suite_cells"` // cells of the whole suite
	Cells  int                `json:"cells"`       // selected
	Count  suites.Count       `json:"count"`       // how Suited comes about
	Axes   []suites.AxisCount `json:"axes"`        // selected cells by what was varied
	Cached int                `json:"cached"`      // selected cells that have a result
	Failed int                `json:"failed"`      // selected cells that have an error
	New    int                `json:"new"`         // to be run
	Hidden
	Units    []Units `json:"units"`            // of the comparisons of the suite
	Workers  int     `json:"workers"`          // cells at a time
	Seconds  float64 `json:"seconds"`          // estimated duration of the run
	Measured int     `json:"measured"`         // finished cells behind the estimate; 0 means a guess
	Bytes    float64 `json:"bytes"`            // estimated size of the results
	Tuning   *Phase  `json:"tuning,omitempty"` // the selected cells that tune; nil without [tune]
	Test     *Phase  `json:"test,omitempty"`   // the selected cells that test the chosen settings

	CellMemory    float64 `json:"cell_memory"`    // estimated bytes for training the largest cell
	MachineMemory float64 `json:"machine_memory"` // bytes; 0 if unknown
}

// Predict forecasts a run of the plan with the given number of workers. It writes
// nothing. A missing or empty directory is not an error; other errors are those
// of results.ReadFinal.
func Predict(p *Plan, workers int) (*Forecast, error) {
	set, err := read(p.Dir)
	if err != nil {
		return nil, err
	}
	f := &Forecast{
		Suite: p.Suite.Name, Dir: p.Dir, Suited: len(p.Suite.Cells), Cells: len(p.Cells), Count: p.Suite.Count,
		Axes: axes(p), Workers: workers, Units: units(p),
	}
	speeds := measure(p, set)
	f.Measured = speeds.cells
	f.MachineMemory = totalMemory()
	longest := 0.0
	for _, c := range p.Cells {
		f.Bytes += bytesOf(c)
		f.CellMemory = math.Max(f.CellMemory, needOf(c).total())
		switch run := set.Find(c.ID); {
		case run != nil && (run.Status.Complete() || run.Status == results.Pruned && !p.unfinished(run)):
			f.Cached++
		case run != nil && (run.Status == results.Failed || run.Status == results.Timeout):
			f.Failed++
		default:
			f.New++
			s := speeds.seconds(c) * p.tuning.Share(c.ID, c.Value("steps").Int())
			f.Seconds += s
			longest = math.Max(longest, s)
		}
	}
	f.Seconds = math.Max(f.Seconds/float64(max(1, min(workers, f.New))), longest)
	f.Tuning, f.Test = phases(p, set, &speeds)
	f.Hidden = hidden(p, set)
	return f, nil
}

// axes counts the cells by what was varied. It leaves out what differs only
// between environments, and what merely applies to some cells and not to others.
// But an exploring policy beside others that do not explore is a difference, so
// it counts.
func axes(p *Plan) []suites.AxisCount {
	return slices.DeleteFunc(p.Suite.ByAxis(p.Cells), func(a suites.AxisCount) bool {
		if slices.Contains(results.Fixed(), a.Column) {
			return false
		}
		in := map[string]string{} // value of each environment
		for _, c := range p.Cells {
			v := c.Value(a.Column)
			if v.IsNull() {
				continue
			}
			if a.Column == "exploration" && v.Float() != 0 {
				return false
			}
			name, text := c.EnvironmentName(), suites.Format(v)
			if before, ok := in[name]; ok && before != text {
				return false
			}
			in[name] = text
		}
		return true
	})
}

// speeds holds the seconds that a unit of work took, by environment.
type speeds struct {
	of    map[string]float64
	mean  float64
	cells int
}

// measure takes the speeds from the cells that a directory holds.
func measure(p *Plan, set *results.Set) speeds {
	type sum struct{ seconds, work float64 }
	var all sum
	by := map[string]sum{}
	s := speeds{of: map[string]float64{}, mean: 1 / flopsPerSecond}
	for _, c := range p.Suite.Cells {
		run := set.Find(c.ID)
		if run == nil || run.Status != results.Done || run.Timing.Wall <= 0 {
			continue
		}
		s.cells++
		x, w := by[c.EnvironmentName()], work(c)
		x.seconds, x.work = x.seconds+run.Timing.Wall, x.work+w
		all.seconds, all.work = all.seconds+run.Timing.Wall, all.work+w
		by[c.EnvironmentName()] = x
	}
	if all.work > 0 {
		s.mean = all.seconds / all.work
	}
	for name, x := range by {
		s.of[name] = x.seconds / x.work
	}
	return s
}

// seconds returns how long a cell takes.
func (s *speeds) seconds(c *suites.Cell) float64 {
	if x, ok := s.of[c.EnvironmentName()]; ok {
		return x * work(c)
	}
	return s.mean * work(c)
}

// bytesOf estimates the size of a cell on disk: about ten numbers for each
// evaluation, compressed, and its kept networks.
func bytesOf(c *suites.Cell) float64 {
	steps := c.Value("steps").Int()
	every := c.Value("eval_every").Int()
	const perCell, perRow = 400, 80
	return perCell + perRow*(math.Ceil(float64(steps)/float64(every))+1) + leastKept*keptNumbers(c)
}

// Duration writes a number of seconds for readers.
func Duration(seconds float64) string { return duration(time.Duration(seconds * float64(time.Second))) }

// Rate writes a rate for readers: three digits, without an exponent.
func Rate(x float64) string {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64) // what was just written
	return strconv.FormatFloat(x, 'f', -1, 64)
}
