package sweep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/tuning"
	"gfnbench/usage"
)

// decideFrom chooses the plan's cells by what the directories hold, and with [tune] first
// the settings to test.
func (p *Plan) decideFrom(dirs ...string) error {
	if p.Suite.Tune == nil {
		return p.choose()
	}
	set, err := results.Read(dirs...)
	if errors.Is(err, fs.ErrNotExist) {
		set, err = &results.Set{}, nil
	}
	if err != nil {
		return err
	}
	return p.decide(set)
}

// decide is like decideFrom, for results that were read with their curves.
func (p *Plan) decide(set *results.Set) error {
	p.tuning = tuning.Decide(p.Suite, set.Find)
	return p.choose()
}

// unfinished reports whether a cell must continue from a run that stopped, at a rung or
// because its process ended.
func (p *Plan) unfinished(run *results.Run) bool {
	switch run.Status {
	case results.Interrupted, results.Lost:
		return true
	case results.Pruned:
		rung := p.tuning.Until(run.ID)
		return rung < 0 || run.Step <= int64(rung)
	}
	return false
}

// share returns the fraction of a cell's steps to be trained by now.
func (p *Plan) share(c *suites.Cell) float64 {
	if rung := p.tuning.Until(c.ID); rung >= 0 {
		return float64(rung+1) / float64(c.Value("steps").Int()+1)
	}
	return 1
}

// A round is one walk through the blocks of a plan. With [tune] others follow, each with
// what the rows of the earlier ones ask for.
type round struct {
	open string // the cells to train, and how far
	name string // for people; "" without [tune]
}

// round describes the work to do now.
func (s *store) round() round {
	var r round
	if s.plan.tuning == nil {
		return r
	}
	var b strings.Builder
	role, rung := suites.Role(""), -1
	for _, c := range s.open() {
		until := s.plan.tuning.Until(c.ID)
		fmt.Fprintln(&b, c.ID, until)
		if role == "" || role == suites.Test && c.Role == suites.Tuning {
			role = c.Role
		}
		rung = max(rung, until)
	}
	r.open, r.name = b.String(), string(role)
	if rung >= 0 {
		r.name = fmt.Sprintf("%s to step %d", role, rung)
	}
	return r
}

// again decides anew, once what was trained is on stable storage, and reports whether
// there is more to do than before.
func (r *runner) again(before round) (more bool, err error) {
	if r.plan.tuning == nil {
		return false, nil
	}
	set, err := r.dir.Read()
	if err == nil {
		err = r.plan.decide(set)
	}
	if err == nil {
		err = r.follower.Update()
	}
	now := r.round()
	return now.open != "" && now != before, err
}

// rounds trains what is missing and, with [tune], what follows from that.
func (r *runner) rounds(ctx context.Context) error {
	for {
		now := r.round()
		r.progress.begin(now.name, r.open(), func(c *suites.Cell) float64 { return work(c) * r.plan.share(c) })
		if err := r.schedule(ctx); err != nil || r.plan.tuning == nil {
			return err
		}
		stored := make(chan struct{})
		r.journal.flushed(func() { close(stored) })
		select {
		case <-ctx.Done():
			return nil
		case <-stored:
		}
		if more, err := r.again(now); err != nil || !more {
			return err
		}
	}
}

// A Phase is the cells of one role.
type Phase struct {
	Arms    int     `json:"arms"`              // arms to which they belong
	Cells   int     `json:"cells"`             // number planned
	Done    int     `json:"done"`              // number that are as far as they should go now
	Seconds float64 `json:"seconds,omitempty"` // estimated time that one worker needs for the rest
}

// phases counts the cells of each role; both results are nil without [tune].
func phases(p *Plan, set *results.Set, s *speeds) (tuning, test *Phase) {
	if p.tuning == nil {
		return nil, nil
	}
	tuning, test = &Phase{}, &Phase{}
	arms := map[*Phase]map[*suites.Arm]bool{tuning: {}, test: {}}
	for _, b := range p.blocks {
		phase := tuning
		if b.role == suites.Test {
			phase = test
		}
		arms[phase][b.arm] = true
		phase.Arms = len(arms[phase])
		for _, c := range b.cells {
			phase.Cells++
			if run := set.Find(c.ID); run != nil && p.settled(run, nil) {
				phase.Done++
			} else if s != nil {
				phase.Seconds += s.seconds(c) * p.tuning.Share(c.ID, c.Value("steps").Int())
			}
		}
	}
	return tuning, test
}

// Phases divides the plan into the parts that run one after the other: with [tune] the
// cells that tune and those that test.
func (p *Plan) Phases() (list []*Plan, err error) {
	if p.tuning == nil || p.Selection.Role != "" {
		return []*Plan{p}, nil
	}
	for _, role := range suites.Roles() {
		phase := *p
		phase.Selection.Role = role
		switch err := phase.choose(); {
		case errors.Is(err, usage.ErrNoMatch):
		case err != nil:
			return nil, err
		default:
			list = append(list, &phase)
		}
	}
	return list, nil
}
