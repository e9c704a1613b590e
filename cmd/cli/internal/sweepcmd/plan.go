package sweepcmd

import (
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/cmd/cli/internal/place"
	"gfnbench/report"
	"gfnbench/report/claims"
	"gfnbench/report/sheet"
	"gfnbench/report/stats"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/sweep"
	"gfnbench/usage"
)

func (a *app) planCommand() *cobra.Command {
	var jobs int
	var pilot string
	c := &cobra.Command{
		Use:     "plan SUITE|DIR",
		Short:   "Show what a run would do: cells by axis, what is done, time, disk",
		Example: "  sweep plan neurips24\n  sweep plan my.toml -j 16 -f objective=tb,vargrad --set seeds=10",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Suites,
		RunE:              func(_ *cobra.Command, args []string) error { return a.plan(args[0], pilot, jobs) },
	}
	a.selectionFlags(c)
	a.outputFlag(c)
	a.replaceFlag(c)
	command.JSONFlag(c, &a.asJSON)
	c.Flags().StringVar(&pilot, "power", "", "also show the power of the suite's claims and tables, by the spread of the results in `PILOT`, a sweep directory")
	c.Flags().IntVarP(&jobs, "jobs", "j", runtime.NumCPU(), "train `N` cells at a time")
	return c
}

// plan prints what a run of a suite would do, and the power of its claims if there is
// a pilot.
func (a *app) plan(suite, pilot string, jobs int) error {
	if jobs < 1 {
		return usage.Errorf("-j %d: expected at least 1", jobs)
	}
	p, err := a.load(suite)
	if err != nil {
		return err
	}
	if err := sweep.CheckDir(p); err != nil {
		return err
	}
	f, err := sweep.Predict(p, jobs)
	if err != nil {
		return err
	}
	var prospects []claims.Prospect
	if pilot != "" {
		if prospects, err = prospectsOf(suite, pilot); err != nil {
			return err
		}
	}
	for _, w := range p.Suite.Warnings {
		a.note("%v", w)
	}
	if a.asJSON {
		return command.JSON(a.stdout, struct {
			*sweep.Forecast
			Prospects []claims.Prospect `json:"prospects,omitempty"`
		}{f, prospects})
	}
	if err := printForecast(a.stdout, p, f); err != nil || pilot == "" {
		return err
	}
	fmt.Fprintln(a.stdout)
	form := sheet.Form{Format: "text", Width: command.OutputWidth(a.stdout)}
	return sheet.Write(a.stdout, form, nil, []*sheet.Sheet{claims.ProspectSheet(p.Suite.Name, prospects)})
}

// prospectsOf returns the power of the claims of a suite, or of that of a directory, by
// the spread of a pilot.
func prospectsOf(suite, pilot string) ([]claims.Prospect, error) {
	if suite = place.Suite(suite); results.IsSweep(suite) {
		suite = filepath.Join(suite, "suite.toml")
	}
	s, err := report.Load(report.Options{Suite: suite}, pilot)
	if err != nil {
		return nil, err
	}
	if s.Foreign {
		return nil, usage.Errorf("the pilot %s has no cell of the suite %s: train some of its seeds with sweep run -f seed=0,1,2 -o %s", pilot, s.Suite.Name, pilot)
	}
	return claims.Prospects(s.WithoutMissing())
}

func printForecast(out io.Writer, p *sweep.Plan, f *sweep.Forecast) error {
	title := f.Suite
	if p.Suite.Title != "" {
		title += ": " + p.Suite.Title
	}
	fmt.Fprintf(out, "%s\n\n", title)
	w := command.NewTable(out)
	fmt.Fprintf(w, "cells\t%d\t= %s\n", f.Suited, arithmetic(f))
	if f.Cells != f.Suited {
		fmt.Fprintf(w, "selected\t%d\n", f.Cells)
	}
	fmt.Fprintf(w, "cached\t%d\tin %s\n", f.Cached, usage.Quote(f.Dir))
	printPhases(w, f.Tuning, f.Test)
	if f.Failed > 0 {
		fmt.Fprintf(w, "failed\t%d\t\n", f.Failed)
	}
	fmt.Fprintf(w, "to run\t%d\n", f.New)
	for _, line := range hiddenLines(f.Hidden) {
		fmt.Fprintf(w, "hidden\t%s\n", line)
	}
	fmt.Fprintln(w)
	for _, axis := range f.Axes {
		fmt.Fprintf(w, "%s\t%s\n", axis.Column, values(axis.Values))
	}
	fmt.Fprintln(w)
	fmt.Fprintf(w, "time\t%s\twith %s, %s\n", sweep.Duration(f.Seconds), command.Plural(f.Workers, "worker"), basis(f))
	fmt.Fprintf(w, "disk\t%s\n", size(f.Bytes))
	if n := min(f.Workers, max(1, f.New)); f.MachineMemory > 0 && float64(n)*f.CellMemory > f.MachineMemory/2 {
		fmt.Fprintf(w, "memory\t%s\tfor %s at a time, of %s on this machine: see policy.hidden and batch, and train fewer at a time with -j\n",
			size(float64(n)*f.CellMemory), command.Plural(n, "cell"), strings.TrimPrefix(size(f.MachineMemory), "about "))
	}
	for i, u := range f.Units {
		fmt.Fprintf(w, "%s\t%s\n", []string{"power", ""}[min(i, 1)], power(u, len(p.Suite.Programs(p.Cells)) > 0))
	}
	return w.Flush()
}

// arithmetic says how the number of cells comes about.
func arithmetic(f *sweep.Forecast) string {
	parts := make([]string, len(f.Count.Grids))
	for i, n := range f.Count.Grids {
		parts[i] = fmt.Sprint(n)
	}
	text := strings.Join(parts, " + ") + " of the grids"
	if f.Count.Excluded > 0 {
		text += fmt.Sprintf(" - %d excluded", f.Count.Excluded)
	}
	if f.Count.Duplicates > 0 {
		text += fmt.Sprintf(" - %d that others equal", f.Count.Duplicates)
	}
	if f.Count.Test > 0 {
		text += fmt.Sprintf(", on the tuning seeds, + %d with the chosen settings", f.Count.Test)
	}
	if f.Count.Overridden > 0 {
		text += fmt.Sprintf("; %d changed by overrides or --set", f.Count.Overridden)
	}
	return text
}

// printPhases lists tuning cells and test cells separately. There are none without
// [tune].
func printPhases(w io.Writer, phases ...*sweep.Phase) {
	for i, p := range phases {
		if p == nil || p.Cells == 0 {
			continue
		}
		fmt.Fprintf(w, "%s\t%d\t%d done, of %s", suites.Roles()[i], p.Cells, p.Done, command.Plural(p.Arms, "arm"))
		if p.Seconds > 0 {
			fmt.Fprintf(w, "; %s with one worker", sweep.Duration(p.Seconds))
		}
		fmt.Fprintln(w)
	}
}

// values lists the values of an axis with their cells.
func values(list []suites.ValueCount) string {
	const most = 12
	var parts []string
	for i, v := range list {
		if i == most {
			parts = append(parts, fmt.Sprintf("and %d more values", len(list)-most))
			break
		}
		name := "–" // does not apply
		if v.Undecided {
			name = "chosen by tuning"
		} else if !v.Value.IsNull() {
			name = suites.Format(v.Value)
		}
		parts = append(parts, fmt.Sprintf("%s %d", name, v.Cells))
	}
	return strings.Join(parts, ", ")
}

func basis(f *sweep.Forecast) string {
	if f.Measured > 0 {
		return fmt.Sprintf("from the speed of %s", command.Plural(f.Measured, "finished cell"))
	}
	return "a rough guess: nothing was measured yet"
}

func size(n float64) string { return "about " + sweep.Bytes(n) }

// power says which p the units can reach: an exact paired test of n pairs
// reaches 2^-n one-sided, if all pairs agree. Cells of other programs are compared
// unpaired, which reaches 1/C(2n, n).
func power(u sweep.Units, programs bool) string {
	const level = 0.05
	units := strings.TrimSuffix(u.Over, "s")
	p, needed := stats.PairedMinP(u.Count, stats.Greater), stats.PairsNeeded(level, stats.Greater)
	text := fmt.Sprintf("%s: the smallest p of a one-sided paired exact test is %.2g", command.Plural(u.Count, units), p)
	switch {
	case p > level:
		text += fmt.Sprintf(", above %v; %s reach %.2g", level, command.Plural(needed, units), stats.PairedMinP(needed, stats.Greater))
	case p < 1e-6:
		return fmt.Sprintf("%s: any p of interest can be reached", command.Plural(u.Count, units))
	}
	if programs {
		text += fmt.Sprintf("; of an unpaired one, with a trainer's cells, %.2g", stats.TwoSampleMinP(u.Count, u.Count, stats.Greater))
	}
	return text
}
