package sweep

import (
	"cmp"
	"encoding/json"
	"errors"
	"io/fs"
	"slices"
	"time"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/suites"
)

// A Status is the state of a sweep as its directory shows it.
type Status struct {
	Suite    string                 `json:"suite"`    // its name
	Dir      string                 `json:"dir"`      // the directory that was read
	Cells    int                    `json:"cells"`    // of the plan
	Statuses map[results.Status]int `json:"statuses"` // of the plan's cells that have a run
	NotRun   int                    `json:"not_run"`  // cells without a run, including held ones
	Hidden
	Held     []Held    `json:"held"`             // cells that processes hold
	Failures []Failure `json:"failures"`         // by message
	Open     []string  `json:"-"`                // cells still to run, including held ones
	Tuning   *Phase    `json:"tuning,omitempty"` // the plan's cells that tune; nil without [tune]
	Test     *Phase    `json:"test,omitempty"`   // the plan's cells that test the chosen settings

	Conflicts []results.Conflict `json:"-"` // conflicts that no compaction has found yet

	CellsPerHour          float64 `json:"cells_per_hour"`          // over the last minutes, without idle time; 0 if nothing finished
	TrajectoriesPerSecond float64 `json:"trajectories_per_second"` // per worker, mean over finished cells
	SecondsLeft           float64 `json:"seconds_left"`            // at the speed of the last minutes; 0 if unknown
}

// Held lists cells that a process has claimed and not finished.
type Held struct {
	Host  string    `json:"host"`  // "-" if anonymous
	PID   int       `json:"pid"`   // on its host
	Since time.Time `json:"since"` // start of the process
	Cells []string  `json:"cells"` // ids
	Lost  bool      `json:"lost"`  // the process died; a run takes the cells over

	Training map[string]int64 `json:"training"` // cells it was training at its last sign of life, with the steps taken
	Seen     time.Time        `json:"seen"`     // its last sign of life, by its clock; zero if unknown
}

// Silent reports whether the process has given no sign of life, by its own clock,
// for so long that it may be dead. A run finds out.
func (h *Held) Silent(now time.Time) bool {
	return !h.Lost && !h.Seen.IsZero() && now.Sub(h.Seen) > lease.Period
}

// A Failure is a set of cells that failed with the same message.
type Failure struct {
	Status  results.Status `json:"status"`  // failed or timeout
	Message string         `json:"message"` // of each run
	Cells   []string       `json:"cells"`   // ids
}

// recent is the time over which speeds are measured.
const recent = 10 * time.Minute

// ReadStatus reads the state of a sweep directory. It writes nothing. A missing
// or empty directory is not an error: nothing was run. Other errors are those
// of results.ReadStates.
func ReadStatus(p *Plan) (*Status, error) {
	look := results.ReadStates
	if p.Suite.Tune != nil {
		look = results.ReadFinal // which settings are best is in the metrics
	}
	set, err := look(p.Dir)
	if errors.Is(err, fs.ErrNotExist) {
		set, err = &results.Set{}, nil
	}
	if err != nil {
		return nil, err
	}
	// Count the plan's cells by status.
	s := &Status{Suite: p.Suite.Name, Dir: p.Dir, Cells: len(p.Cells), Statuses: map[results.Status]int{}, Held: []Held{}, Failures: []Failure{}}
	s.Hidden = hidden(p, set)
	s.Conflicts = set.Conflicts
	s.Tuning, s.Test = phases(p, set, nil)
	open := map[string]bool{} // cells that are to be run
	done, left := 0.0, 0.0    // work
	finished, rates := 0, 0
	now := time.Now()
	for _, c := range p.Cells {
		run := set.Find(c.ID)
		if run == nil {
			s.NotRun++
		} else {
			s.Statuses[run.Status]++
		}
		if run == nil || p.unfinished(run) {
			open[c.ID] = true
			s.Open = append(s.Open, c.ID)
			left += work(c)
			continue
		}
		if run.Timing.Rate > 0 {
			rates++
			s.TrajectoriesPerSecond += (run.Timing.Rate - s.TrajectoriesPerSecond) / float64(rates)
		}
		if now.Sub(run.Timing.End) < recent {
			finished++
			done += work(c)
		}
		s.fail(run)
	}
	// Find out who holds cells, and estimate the speed.
	s.Held, err = held(p, open)
	s.speed(set, now, finished, done, left)
	return s, err
}

// fail groups failures by message.
func (s *Status) fail(run *results.Run) {
	if run.Status != results.Failed && run.Status != results.Timeout {
		return
	}
	i := slices.IndexFunc(s.Failures, func(f Failure) bool { return f.Status == run.Status && f.Message == run.Message })
	if i < 0 {
		i = len(s.Failures)
		s.Failures = append(s.Failures, Failure{Status: run.Status, Message: run.Message})
	}
	s.Failures[i].Cells = append(s.Failures[i].Cells, run.ID)
}

// speed estimates the time left from what finished in the last minutes, without
// the time in which no cell was trained.
func (s *Status) speed(set *results.Set, now time.Time, finished int, done, left float64) {
	if finished == 0 {
		return
	}
	var spans [][2]time.Time
	for i := range set.Runs {
		spans = append(spans, [2]time.Time{set.Runs[i].Timing.Start, set.Runs[i].Timing.End})
	}
	for _, h := range s.Held {
		if !h.Lost {
			spans = append(spans, [2]time.Time{h.Since, now})
		}
	}
	span := max(covered(spans, now.Add(-recent), now).Seconds(), 1e-3)
	s.CellsPerHour = float64(finished) / span * 3600
	if done > 0 {
		s.SecondsLeft = left / done * span
	}
}

// covered returns a lower bound on how much of the time between two moments
// lies in a span.
func covered(spans [][2]time.Time, from, to time.Time) (sum time.Duration) {
	slices.SortFunc(spans, func(a, b [2]time.Time) int { return a[0].Compare(b[0]) })
	for _, s := range spans {
		if s[0].Before(from) {
			s[0] = from
		}
		if s[1].After(to) {
			s[1] = to
		}
		if s[1].After(s[0]) {
			sum += s[1].Sub(s[0])
			from = s[1]
		}
	}
	return sum
}

// held returns the cells that processes hold.
func held(p *Plan, open map[string]bool) ([]Held, error) {
	byLease := map[string][]*suites.Cell{}
	for _, b := range p.blocks {
		byLease[b.lease()] = b.cells
	}
	w := lease.Watch(disk.OS, p.Dir, 0)
	names, err := w.Leases(lease.Folder)
	if err != nil {
		return nil, err
	}
	list := []Held{}
	at := map[string]int{} // index of each owner in list
	for _, name := range names {
		o, state, err := w.Look(name)
		if err != nil || o.Name == "" {
			continue // released meanwhile, or damaged
		}
		i, seen := at[o.Name]
		if !seen {
			i = len(list)
			at[o.Name] = i
			list = append(list, Held{Host: o.Host, PID: o.Process.Number, Since: o.Since, Lost: state == lease.Dead, Seen: o.Renewed, Training: training(o.Note)})
		}
		for _, c := range byLease[name] {
			if open[c.ID] {
				list[i].Cells = append(list[i].Cells, c.ID)
			}
		}
	}
	slices.SortFunc(list, func(a, b Held) int { return cmp.Or(a.Since.Compare(b.Since), cmp.Compare(a.PID, b.PID)) })
	return slices.DeleteFunc(list, func(h Held) bool { return len(h.Cells) == 0 }), nil
}

// training reads a note in which a run records the cells it is training and their steps.
// There may be none.
func training(note string) map[string]int64 {
	at := map[string]int64{}
	if json.Unmarshal([]byte(note), &at) != nil {
		return map[string]int64{}
	}
	return at
}
