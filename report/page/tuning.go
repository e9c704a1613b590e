package page

import (
	"encoding/base64"
	"errors"
	"html/template"
	"math"
	"slices"
	"strings"

	"gfnbench/gfn/param"
	"gfnbench/report"
	"gfnbench/report/figure"
	"gfnbench/report/sheet"
	"gfnbench/report/stats"
	"gfnbench/report/tune"
	"gfnbench/suites"
	"gfnbench/usage"
)

// A Tuning says how the settings of a suite with [tune] were chosen.
type Tuning struct {
	Sheets  []*sheet.Sheet   // as of report tune
	Figures []*figure.Figure // of lines
	Planes  *figure.Figure   // scores over two hyperparameters; nil if no arm has two
	Arms    []*tune.Arm      // that have a choice
}

// addTuning adds how the settings were chosen, if they were.
func (p *Page) addTuning(s *report.Sweep) error {
	if s.State == nil {
		return nil
	}
	arms, err := tune.Make(s)
	if err != nil {
		return p.cannot("tuning", err)
	}
	t := &Tuning{Sheets: tune.Sheets(s, arms)}
	for _, f := range []*figure.Figure{figure.Sensitivity(s, arms), figure.Trials(s, arms)} {
		if len(f.Panels) > 0 {
			f.Spec.Name = "tune/" + f.Spec.Name // no figure of a suite has this name
			t.Figures = append(t.Figures, f)
		}
	}
	if t.Planes, err = figure.Planes(s, arms); err != nil && !errors.Is(err, usage.ErrNoMatch) {
		return err
	}
	for _, a := range arms {
		if len(a.Tuned) > 0 {
			t.Arms = append(t.Arms, a)
		}
	}
	p.Tuned = t
	return nil
}

// Picture returns the planes as a data URL, or "" if there are none.
func (t *Tuning) Picture() (template.URL, error) {
	if t.Planes == nil {
		return "", nil
	}
	var b strings.Builder
	err := figure.Write(&b, t.Planes, "svg", figure.NeurIPS)
	return template.URL("data:image/svg+xml;base64," + base64.StdEncoding.EncodeToString([]byte(b.String()))), err
}

// These types hold the parallel coordinates: an axis for each hyperparameter and the
// score, a line for each setting.
type (
	armData struct {
		Name     string        `json:"name"`
		Axes     []axisData    `json:"axes"` // the score last
		Settings []settingData `json:"settings"`
		Better   int           `json:"better"` // -1 if lower scores are better, 1 if greater are
	}
	axisData struct {
		Name  string   `json:"name"`
		Log   bool     `json:"log,omitempty"`
		Texts []string `json:"texts,omitempty"` // values that are no numbers: their places are 0, 1, ...
	}
	settingData struct {
		Name   string  `json:"name"`
		Values numbers `json:"v"` // on the axes
		State  string  `json:"state,omitempty"`
		Why    string  `json:"why,omitempty"` // of the state
	}
)

// arms returns the parallel coordinates.
func (t *Tuning) arms() []armData {
	if t == nil {
		return nil
	}
	list := []armData{}
	for _, a := range t.Arms {
		d := armData{Name: a.Name, Better: -1}
		if a.Better == stats.HigherIsBetter {
			d.Better = 1
		}
		columns := make([][]float64, len(a.Tuned)+1)
		for j, name := range a.Tuned {
			axis := axisData{Name: name}
			columns[j], axis.Texts = places(a, j)
			axis.Log = axis.Texts == nil && wide(columns[j])
			d.Axes = append(d.Axes, axis)
		}
		last := len(a.Tuned)
		for _, x := range a.Settings {
			columns[last] = append(columns[last], x.Last)
		}
		d.Axes = append(d.Axes, axisData{Name: a.Settings[0].Slot.Stat.Metric.String(), Log: wide(columns[last])})
		for i, x := range a.Settings {
			setting := settingData{Name: a.Text(x)}
			setting.State, setting.Why = a.State(x)
			for j := range columns {
				setting.Values = append(setting.Values, columns[j][i])
			}
			d.Settings = append(d.Settings, setting)
		}
		list = append(list, d)
	}
	return list
}

// places returns the values of the settings in a tuned column: numbers, or indices among
// the texts.
func places(a *tune.Arm, column int) (at []float64, texts []string) {
	numeric := true
	for _, x := range a.Settings {
		v, ok := x.Values[column].Number()
		at, numeric = append(at, v), numeric && ok
	}
	if numeric {
		return at, nil
	}
	for i, x := range a.Settings {
		text := textOf(x.Values[column])
		if !slices.Contains(texts, text) {
			texts = append(texts, text)
		}
		at[i] = float64(slices.Index(texts, text))
	}
	return at, texts
}

func textOf(v param.Value) string {
	if v.IsNull() {
		return report.NotApplicable
	}
	return suites.Format(v)
}

// wide reports whether values are positive and span more than a factor of ten.
func wide(values []float64) bool {
	low, high := math.Inf(1), math.Inf(-1)
	for _, x := range values {
		if !math.IsNaN(x) {
			low, high = math.Min(low, x), math.Max(high, x)
		}
	}
	return low > 0 && high > 10*low
}
