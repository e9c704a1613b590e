package page

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/report/claims"
	"gfnbench/report/figure"
	"gfnbench/report/methods"
	"gfnbench/report/number"
	"gfnbench/report/sheet"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Page is everything that a report of a sweep says; [Write] writes it.
type Page struct {
	Name, Title   string              // of the sweep
	Statuses      []StatusCount       // of the cells shown, those without a result last
	Cells         int                 // shown
	Tuning        int                 // that chose the settings of those, and are not shown
	Digest        string              // of all results, see results.Digest
	Partial       bool                // some planned cell has no result, or the sweep is still running
	Notes         []string            // what a reader must know about the sweep as a whole
	Suite         string              // text
	Provenance    results.Provenance  // what wrote the results
	Tuned         *Tuning             // how settings were chosen; nil without [tune]
	Methods       []methods.Paragraph // what was run and how it is summarised
	Tables        []*sheet.Sheet      // those of the suite
	Settings      []*sheet.Sheet      // the hyperparameters
	Figures       []*figure.Figure    // those of the suite, after curves of every setting unless the suite has one on all cells
	Claims        []*claims.Result    // claims of the suite, or of ClaimsFrom
	ClaimsFrom    string              // the shipped suite that makes the claims; "" if the suite makes them itself
	ClaimsCaption string              // how they are tested
	Failures      []Failure           // by reason, most frequent first
	Columns       []CellColumn        // of the list of cells
	Unlisted      string              // which cells the list leaves out, if there are very many
	Live          string              // version of a page that is served, and follows its sweep; "" for a file
	Views         []View              // other metrics, and hyperparameters, for the figure named Explored
	Explored      string              // name of that figure; "": there is none
	Curves        CellCurves          // of the cells, for those who open one
}

// A StatusCount says how many cells ended in one way.
type StatusCount struct {
	Status string // of results.Status, or NoResult
	Cells  int    // how many
}

// NoResult is the status of a planned cell that has not been run.
const NoResult = "no result"

// A Failure is a reason why runs diverged or did not finish.
type Failure struct {
	Status  results.Status // how they ended
	Message string         // the reason as the runs record it
	Rows    []*report.Row  // all runs with this reason, in the order of the plan
	Names   []string       // names of the rows, by everything that distinguishes them
}

// Underpowered reports whether some claim, or a test of one, is underpowered.
func (p *Page) Underpowered() bool {
	return slices.ContainsFunc(p.Claims, (*claims.Result).Underpowered)
}

// Options configures [Make]. Every field is optional.
type Options struct {
	// Densities also draws the figures of densities, for which runs are trained
	// again.
	Densities bool
	// Progress is called with the name of each run that is trained again.
	Progress func(string)
}

// Make collects the data of a page. If a table, figure or claim cannot be made,
// a note says why, and the page has the rest.
func Make(s *report.Sweep, o Options) (*Page, error) {
	p := &Page{
		Name: s.Name, Title: s.Title, Cells: len(s.Rows), Tuning: len(s.Tuning), Digest: s.Digest(), Partial: s.Missing > 0 || s.Set.Partial,
		Notes: slices.Clone(s.Notes), Suite: s.Set.Suite, Provenance: s.Set.Provenance,
		Methods: methods.Paragraphs(s), Statuses: statuses(s), Failures: failures(s),
	}
	rows, note := listed(s, mostCells, fewerCells)
	p.Columns, p.Curves, p.Unlisted = cellColumns(s, rows), cellCurves(s, rows), note
	if s.Set.Partial {
		p.Notes = append(p.Notes, "the sweep is still being written, or stopped before it was finished")
	}
	for _, settings := range methods.Settings(s) {
		settings.Stub = 1
		p.Settings = append(p.Settings, settings)
	}
	if err := p.addTables(s); err != nil {
		return nil, err
	}
	if err := p.addFigures(s, o); err != nil {
		return nil, err
	}
	if err := p.addTuning(s); err != nil {
		return nil, err
	}
	return p, p.addClaims(s)
}

// statuses counts the cells by how they ended.
func statuses(s *report.Sweep) (list []StatusCount) {
	count := make(map[string]int)
	for _, r := range s.Rows {
		count[statusOf(r)]++
	}
	order := []string{}
	for _, status := range results.Statuses() {
		order = append(order, string(status))
	}
	for _, status := range append(order, NoResult) {
		if n := count[status]; n > 0 {
			list = append(list, StatusCount{status, n})
		}
	}
	return list
}

func statusOf(r *report.Row) string {
	if r.Run == nil {
		return NoResult
	}
	return string(r.Run.Status)
}

// failures groups the runs that diverged or did not finish by reason, most
// frequent first.
func failures(s *report.Sweep) []Failure {
	var axes []string // for the first of them
	var list []Failure
	at := make(map[[2]string]int)
	for _, r := range s.Rows {
		if r.Run == nil || r.Run.Status.Complete() && r.Run.Status != results.Diverged {
			continue
		}
		if axes == nil {
			axes = s.Separate([]string{"environment", "objective"}, nil, suites.OverSeeds)
		}
		key := [2]string{string(r.Run.Status), r.Run.Message}
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, Failure{Status: r.Run.Status, Message: r.Run.Message})
		}
		list[i].Rows = append(list[i].Rows, r)
		list[i].Names = append(list[i].Names, fmt.Sprintf("%s, seed %d", report.NameOf(axes, r.Value), r.Seed()))
	}
	slices.SortStableFunc(list, func(a, b Failure) int { return cmp.Compare(len(b.Rows), len(a.Rows)) })
	return list
}

// cannot notes that a part of the page cannot be made if the reason lies in
// what was asked for. It returns any other error.
func (p *Page) cannot(part string, err error) error {
	if _, ok := errors.AsType[*usage.Error](err); !ok && !errors.Is(err, usage.ErrNoMatch) {
		return fmt.Errorf("%s: %w", part, err)
	}
	p.Notes = append(p.Notes, fmt.Sprintf("%s is left out: %v", part, err))
	return nil
}

func (p *Page) addTables(s *report.Sweep) error {
	specs, err := s.Tables()
	if err != nil {
		return err
	}
	for _, spec := range specs {
		t, err := s.Table(spec)
		if err != nil {
			if err = p.cannot("table "+spec.Name, err); err != nil {
				return err
			}
			continue
		}
		p.Tables = append(p.Tables, sheet.OfTable(t))
	}
	return nil
}

// ofEveryCell reports whether a figure draws the curves of every cell.
func ofEveryCell(f *suites.Figure) bool {
	return f.Kind == "curves" && f.On == nil && f.Along() == ""
}

// addFigures adds the suite's figures, and learning curves unless the suite has
// some of every environment.
func (p *Page) addFigures(s *report.Sweep, o Options) error {
	specs, err := figure.Declared(s)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(specs, ofEveryCell) {
		all := figure.Default(s)
		all.Name, all.Title = "curves", "Learning curves of every setting"
		specs = append([]*suites.Figure{all}, specs...)
	}
	p.addViews(s, specs[slices.IndexFunc(specs, ofEveryCell)])
	densities := 0
	var waiting []string
	for _, spec := range specs {
		if spec.Kind == "density" && !o.Densities {
			densities++
			continue
		}
		f, err := figure.Make(s, spec, figure.Options{Progress: o.Progress})
		if errors.Is(err, usage.ErrNoMatch) && p.Partial {
			waiting = append(waiting, spec.Name)
			continue
		}
		if err != nil { // one figure is missing, never the page
			p.Notes = append(p.Notes, fmt.Sprintf("figure %s is left out: %v", spec.Name, err))
			continue
		}
		p.Figures = append(p.Figures, thinned(f, mostLines))
	}
	if len(waiting) > 0 {
		p.Notes = append(p.Notes, "these figures are left out until they have results: "+strings.Join(waiting, ", "))
	}
	if densities > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%s of densities not drawn here: report figure and report html --densities train the runs again for them", number.Count(densities, "figure")))
	}
	return nil
}

// shippedClaims is the suite whose claims are tested if a suite has none.
const shippedClaims = "claims"

// addClaims tests the claims of the suite. If it has none, it tests those of
// the shipped suite that are about cells of the sweep.
func (p *Page) addClaims(s *report.Sweep) error {
	if s.Suite == nil || len(s.Suite.Claims) == 0 {
		if s = s.Under(shippedClaims); s == nil {
			return nil
		}
		p.ClaimsFrom = shippedClaims
	}
	list, err := claims.Judge(s)
	if err != nil {
		return p.cannot("the claims", err)
	}
	p.Claims, p.ClaimsCaption = list, claims.Caption(s, list)
	return nil
}
