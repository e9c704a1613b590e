package sweep

import (
	"gfnbench/results"
)

// A Summary says what a directory holds of a plan.
type Summary struct {
	Dir      string                 `json:"dir"`      // directory that was read
	Digest   string                 `json:"digest"`   // digest of the suite's cells that are done or diverged; empty after an interruption
	Cells    int                    `json:"cells"`    // planned
	Statuses map[results.Status]int `json:"statuses"` // of the planned cells
	Cached   int                    `json:"cached"`   // planned cells that were there before the run
	Hidden
	Seconds float64 `json:"seconds"`           // duration of the run
	Waiting int     `json:"waiting,omitempty"` // test cells of [tune] whose setting is not chosen yet
	Unkept  int     `json:"unkept,omitempty"`  // planned cells with a result whose networks the suite keeps, but that were trained without

	Conflicts []results.Conflict `json:"-"` // conflicts that no compaction has found yet
}

// Failed returns the number of planned cells that ended without a result.
func (s *Summary) Failed() int { return s.Statuses[results.Failed] + s.Statuses[results.Timeout] }

func newSummary(p *Plan) *Summary {
	s := &Summary{Dir: p.Dir, Cells: len(p.Cells), Statuses: map[results.Status]int{}}
	for _, c := range p.Cells {
		if c.Undecided {
			s.Waiting++
		}
	}
	return s
}

// Summarize reads what the plan's directory holds, run by run. Cached and Seconds are 0.
// Errors are those of results.Read: one wraps fs.ErrNotExist if the directory is missing
// or holds no results.
func Summarize(p *Plan) (*Summary, error) {
	s, listed, chosen, kept := newSummary(p), idsOf(p.Suite.Cells), idsOf(p.Cells), keptOf(p)
	digest := results.NewDigester()
	var outside []string
	set, err := results.Scan(func(run *results.Run) error {
		if chosen[run.ID] {
			s.Statuses[run.Status]++
			if kept[run.ID] && run.Status.Complete() && run.Timing.Policy == "" {
				s.Unkept++
			}
		}
		if listed[run.ID] {
			part := p.tuning.Part(*run)
			digest.Add(&part)
		} else {
			outside = append(outside, run.ID)
		}
		return nil
	}, p.Dir)
	if err != nil {
		return nil, err
	}
	s.Conflicts, s.Digest, s.Hidden = set.Conflicts, digest.Sum(), hiddenOf(p, outside)
	return s, nil
}
