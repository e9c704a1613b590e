package report

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"gfnbench/results"
	"gfnbench/suites"
)

// A Page is all that a report of a sweep says: the data of a page that stands on
// its own. Package page writes it.
type Page struct {
	Name, Title string             // of the sweep
	Statuses    []StatusCount      // of the cells shown, those without a result last
	Cells       int                // shown
	Digest      string             // of all results, see results.Digest
	Partial     bool               // some planned cell has no result, or the sweep is being written
	Notes       []string           // what a reader must know about the whole
	Suite       string             // text
	Provenance  results.Provenance // which program wrote the results
	Methods     []Paragraph        // what was run and how it is summarised
	Tables      []*PageTable       // those of the suite
	Settings    []*PageTable       // the hyperparameters
	Figures     []*Figure          // those of the suite, after curves of every setting where it has none on all cells
	Claims      []*ClaimResult     // those of the suite, or of ClaimsFrom
	ClaimsFrom  string             // the shipped suite that the claims are of; "" where they are the suite's
	Failures    []Failure          // by reason, those of most runs first
	Columns     []CellColumn       // of the list of cells
}

// A StatusCount says how many cells ended in one way.
type StatusCount struct {
	Status string // of results.Status, or NoResult
	Cells  int    // how many
}

// NoResult is the status of a planned cell that has not been run.
const NoResult = "no result"

// A Paragraph is text under a heading.
type Paragraph struct {
	Title, Text string // plain, without markup
}

// A Failure is a reason for which runs diverged or did not come to an end.
type Failure struct {
	Status  results.Status // how they ended
	Message string         // the reason, as the runs give it
	Rows    []*Row         // all that give it, in the order of the plan
}

// Underpowered reports whether some claim or test of one is.
func (p *Page) Underpowered() bool {
	return slices.ContainsFunc(p.Claims, (*ClaimResult).Underpowered)
}

// PageOptions of [Sweep.Page]. All are optional.
type PageOptions struct {
	// Densities draws the figures of densities too, for which runs are trained
	// again.
	Densities bool
	// Progress is told of each run that is trained again.
	Progress func(string)
}

// Page collects the data of a page. A table, figure or claim that cannot be made
// becomes a note; the page has the rest.
func (s *Sweep) Page(o PageOptions) (*Page, error) {
	digest := s.Set.Digest()
	p := &Page{
		Name: s.Name, Title: s.Title, Cells: len(s.Rows), Digest: digest, Partial: s.Missing > 0 || s.Set.Partial,
		Notes: slices.Clone(s.Notes), Suite: s.Set.Suite, Provenance: s.Set.Provenance,
		Methods: s.paragraphs(digest), Statuses: s.statuses(), Failures: s.failures(), Columns: s.cellColumns(),
	}
	if s.Set.Partial {
		p.Notes = append(p.Notes, "the sweep is still being written, or stopped before it was finished")
	}
	for _, settings := range s.settings() {
		t := settings.page(nil)
		t.Stub, t.Words = 1, true
		p.Settings = append(p.Settings, t)
	}
	if err := p.addTables(s); err != nil {
		return nil, err
	}
	if err := p.addFigures(s, o); err != nil {
		return nil, err
	}
	return p, p.addClaims(s)
}

// paragraphs are the sections of a paper's text on experiments.
func (s *Sweep) paragraphs(digest string) []Paragraph {
	list := []Paragraph{{"Experiments", s.experiments()}}
	if text := s.metricsText(); text != "" {
		list = append(list, Paragraph{"Metrics", text})
	}
	return append(list, Paragraph{"Error bars and tests", s.errorBars()}, Paragraph{"Compute", s.compute()}, Paragraph{"Software", s.software(digest)})
}

// statuses counts the cells by how they ended.
func (s *Sweep) statuses() (list []StatusCount) {
	count := make(map[string]int)
	for _, r := range s.Rows {
		count[r.status()]++
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

func (r *Row) status() string {
	if r.Run == nil {
		return NoResult
	}
	return string(r.Run.Status)
}

// failures groups the runs that diverged or did not come to an end by their
// reasons, the reasons of most runs first.
func (s *Sweep) failures() []Failure {
	var list []Failure
	at := make(map[[2]string]int)
	for _, r := range s.Rows {
		if r.Run == nil || r.Run.Status.Complete() && r.Run.Status != results.Diverged {
			continue
		}
		key := [2]string{string(r.Run.Status), r.Run.Message}
		i, ok := at[key]
		if !ok {
			i = len(list)
			at[key] = i
			list = append(list, Failure{Status: r.Run.Status, Message: r.Run.Message})
		}
		list[i].Rows = append(list[i].Rows, r)
	}
	slices.SortStableFunc(list, func(a, b Failure) int { return cmp.Compare(len(b.Rows), len(a.Rows)) })
	return list
}

// Setting names the cell for people: environment, objective and seed.
func (r *Row) Setting() string {
	columns := []string{"environment", "objective"}
	for _, c := range []string{"alpha", "control_variate"} {
		if !r.Value(c).IsNull() {
			columns = append(columns, c)
		}
	}
	return fmt.Sprintf("%s, seed %d", suites.Label(columns, r.Value), r.Seed())
}

// cannot notes that a part of the page cannot be made, where the reason is what
// was asked for; any other error stays one.
func (p *Page) cannot(part string, err error) error {
	if _, ok := errors.AsType[*UsageError](err); !ok && !errors.Is(err, ErrNoMatch) {
		return fmt.Errorf("%s: %w", part, err)
	}
	p.Notes = append(p.Notes, fmt.Sprintf("%s is left out: %v", part, err))
	return nil
}

func (p *Page) addTables(s *Sweep) error {
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
		p.Tables = append(p.Tables, t.page())
	}
	return nil
}

// addFigures adds the suite's figures, and learning curves where it has none of
// every environment.
func (p *Page) addFigures(s *Sweep, o PageOptions) error {
	specs, err := s.Figures()
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(specs, func(f *suites.Figure) bool { return f.Kind == "curves" && f.On == nil }) {
		all := s.DefaultFigure()
		all.Name, all.Title = "curves", "Learning curves of every setting"
		specs = append([]*suites.Figure{all}, specs...)
	}
	densities := 0
	for _, spec := range specs {
		if spec.Kind == "density" && !o.Densities {
			densities++
			continue
		}
		f, err := s.Figure(spec, o.Progress)
		if err != nil {
			if err = p.cannot("figure "+spec.Name, err); err != nil {
				return err
			}
			continue
		}
		p.Figures = append(p.Figures, f)
	}
	if densities > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%s of densities not drawn here: report figure and report html --densities train the runs again for them", count(densities, "figure")))
	}
	return nil
}

// shippedClaims is the suite whose claims are tested where a suite has none.
const shippedClaims = "claims"

// addClaims tests the claims of the suite; where it has none, those of the
// shipped suite that are about cells of the sweep.
func (p *Page) addClaims(s *Sweep) error {
	if s.Suite == nil || len(s.Suite.Claims) == 0 {
		if s = s.under(shippedClaims); s == nil {
			return nil
		}
		p.ClaimsFrom = shippedClaims
	}
	claims, err := s.Claims()
	if err != nil {
		return p.cannot("the claims", err)
	}
	p.Claims = claims
	return nil
}

// under is the sweep seen through another suite, those cells only that it shows
// itself; nil where the suite has none of them.
func (s *Sweep) under(suite string) *Sweep {
	shown := make(map[string]bool)
	for _, r := range s.Rows {
		shown[r.ID()] = true
	}
	other := &Sweep{Dirs: s.Dirs, Set: s.Set}
	planned, err := other.plan(Options{Suite: suite})
	if err != nil || other.Foreign {
		return nil
	}
	other.rows(planned, false)
	other.Rows = slices.DeleteFunc(other.Rows, func(r *Row) bool { return !shown[r.ID()] })
	if len(other.Rows) == 0 {
		return nil
	}
	return other
}

// Evidence is one test of a claim, as text.
type Evidence struct {
	Verdict, Label string   // of a ClaimTest; the label says what is compared
	Estimate, P, N string   // as in the table of claims: "" where it was not run
	Notes          []string // those of the test, and why it was not run
}

// Evidence writes each test of the claim; none where nothing was run.
func (r *ClaimResult) Evidence() (list []Evidence) {
	for _, t := range r.Tests {
		e := Evidence{Verdict: string(t.Verdict), Label: t.label, Notes: slices.Clone(t.Notes)}
		if t.Why != "" {
			e.Notes = append(e.Notes, t.Why)
		}
		sh := &sheet{}
		row := texts("", "", "", "", "", "")
		sh.test(row, t)
		e.Estimate, e.P, e.N = row[3].text, row[4].text, row[5].text
		if t.Verdict == Contradicted {
			e.Notes = append(e.Notes, "p is that of the opposite")
		}
		list = append(list, e)
	}
	if !slices.ContainsFunc(list, func(e Evidence) bool { return e.Verdict != string(NotRun) }) {
		return nil
	}
	return list
}

// How says in words what the claim's test asks for.
func (r *ClaimResult) How() string {
	c := r.Claim
	if c.Test == "none" {
		return ""
	}
	what := strings.TrimSpace(metricText(c.Metric) + ", " + c.Stat)
	switch c.Test {
	case "better":
		return what + ": a is better than b"
	case "equal":
		return fmt.Sprintf("%s: a and b differ by less than %v", what, c.Margin)
	case "ratio":
		return fmt.Sprintf("%s: b is at least %v times a", what, c.AtLeast)
	case "value":
		return fmt.Sprintf("%s: a is within %v of %v", what, c.Tolerance, c.Value)
	case "no-worse":
		return fmt.Sprintf("%s: a is worse than b by less than %v", what, c.Margin)
	case "beaten":
		return what + ": each a is beaten by some b somewhere"
	case "rank":
		return fmt.Sprintf("%s: a is among the first %d", what, c.AtMost)
	}
	return what
}
