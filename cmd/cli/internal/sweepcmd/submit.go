package sweepcmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"gfnbench/cmd/cli/internal/command"
	"gfnbench/results"
	"gfnbench/suites"
	"gfnbench/sweep"
	"gfnbench/sweep/cluster"
	"gfnbench/sweep/slurm"
	"gfnbench/usage"
)

func (a *app) submitCommand() *cobra.Command {
	var onSlurm, dry bool
	o := &slurmFlags{}
	c := &cobra.Command{
		Use:   "submit SUITE|DIR --slurm",
		Short: "Submit a sweep to a Slurm cluster",
		Long: "Submit a sweep to a Slurm cluster: the missing cells, packed into the tasks of job arrays,\n" +
			"and a final job that writes the Parquet files. The nodes must share the sweep directory.\n" +
			"Options come from [slurm] in the suite; flags override them.",
		Example: "  sweep submit my.toml --slurm --dry-run\n  sweep submit my.toml --slurm --partition cpu --time 2:00:00 --max-running 50\n  sweep status runs/my\n  sweep retry runs/my",
		Args:    command.Exactly(1),

		ValidArgsFunction: command.Suites,
		RunE: func(c *cobra.Command, args []string) error {
			if !onSlurm {
				return usage.Errorf("submit needs --slurm, the only batch system it knows; for others see sweep run --shard in docs/slurm.md")
			}
			p, err := a.load(args[0])
			if err != nil {
				return err
			}
			options, err := o.over(p.Suite.Slurm, c.Flags())
			if err != nil {
				return err
			}
			return a.submit(c.Context(), p, options, nil, dry)
		},
	}
	c.Flags().BoolVar(&onSlurm, "slurm", false, "submit to Slurm")
	c.Flags().BoolVar(&dry, "dry-run", false, "print the batch scripts and submit nothing")
	o.add(c.Flags())
	a.selectionFlags(c)
	_ = c.Flags().MarkHidden("shard") // tasks are shards
	a.outputFlag(c)
	a.trustFlag(c)
	a.replaceFlag(c)
	command.JSONFlag(c, &a.asJSON)
	command.QuietFlag(c, &a.quiet)
	return c
}

// slurmFlags are the keys of [slurm] as flags.
type slurmFlags struct {
	given  suites.Slurm
	others []string
}

func (o *slurmFlags) add(f *pflag.FlagSet) {
	f.StringVar(&o.given.Partition, "partition", "", "`NAME` of the partition")
	f.StringVar(&o.given.Account, "account", "", "`NAME` of the account")
	f.StringVar(&o.given.QOS, "qos", "", "`NAME` of the quality of service")
	f.StringVar(&o.given.Constraint, "constraint", "", "`FEATURES` that nodes must have")
	f.StringVar(&o.given.Time, "time", "", "time `LIMIT` of a task, as for sbatch")
	f.StringVar(&o.given.Memory, "memory", "", "memory `SIZE` of a task, as for sbatch --mem")
	f.IntVar(&o.given.CPUs, "cpus", 0, "run `N` workers in a task, each on a core (default 1)")
	f.IntVar(&o.given.MaxRunning, "max-running", 0, "run at most `N` tasks at a time")
	f.Float64Var(&o.given.TaskMinutes, "task-minutes", 0, "aim for tasks of `MINUTES` (default 30)")
	f.IntVar(&o.given.SignalSeconds, "signal-seconds", 0, "write checkpoints and requeue `SECONDS` before the time limit (default 120)")
	f.StringArrayVar(&o.others, "sbatch", nil, "any other option of sbatch, `name[=value]`; may be repeated")
}

// over returns the suite's options, overridden by the flags that were given.
func (o *slurmFlags) over(of *suites.Slurm, flags *pflag.FlagSet) (suites.Slurm, error) {
	s := suites.DefaultSlurm()
	if of != nil {
		s = *of
	}
	for name, set := range map[string]func(){
		"partition":      func() { s.Partition = o.given.Partition },
		"account":        func() { s.Account = o.given.Account },
		"qos":            func() { s.QOS = o.given.QOS },
		"constraint":     func() { s.Constraint = o.given.Constraint },
		"time":           func() { s.Time = o.given.Time },
		"memory":         func() { s.Memory = o.given.Memory },
		"cpus":           func() { s.CPUs = o.given.CPUs },
		"max-running":    func() { s.MaxRunning = o.given.MaxRunning },
		"task-minutes":   func() { s.TaskMinutes = o.given.TaskMinutes },
		"signal-seconds": func() { s.SignalSeconds = o.given.SignalSeconds },
	} {
		if flags.Changed(name) {
			set()
		}
	}
	s.Options = slices.Clone(s.Options)
	for _, text := range o.others {
		name, value, _ := strings.Cut(strings.TrimPrefix(text, "--"), "=")
		s.Options = slices.DeleteFunc(s.Options, func(x suites.SlurmOption) bool { return x.Name == name })
		s.Options = append(s.Options, suites.SlurmOption{Name: name, Value: value})
	}
	if err := s.Check(); err != nil {
		return s, &usage.Error{Err: err}
	}
	return s, nil
}

// submit submits the missing cells of a plan, and those with one of the
// statuses.
func (a *app) submit(ctx context.Context, p *sweep.Plan, o suites.Slurm, again []results.Status, dry bool) error {
	hashes, err := a.allow(p)
	if err != nil {
		return err
	}
	// Prepare the jobs, without asking a cluster if none can be reached.
	engine := &slurm.Engine{Options: o}
	if dry {
		if why := engine.Unreachable(ctx); why != "" {
			engine.Offline = true
			a.note("%s: these are the scripts for a cluster with Slurm's own limits", why)
		}
	}
	s, err := cluster.Prepare(ctx, engine, p, o, again)
	if err != nil {
		return err
	}
	for i := range s.Jobs {
		s.Jobs[i].Trusted = strings.Join(hashes, ",")
	}
	if len(s.Jobs) == 0 {
		return a.nothingToSubmit(p, s)
	}
	if dry {
		return a.printScripts(p, s, engine)
	}
	// Submit, and say what was accepted.
	err = s.Submit(ctx, engine, p)
	if partial, ok := errors.AsType[*cluster.PartialError](err); ok {
		return fmt.Errorf("%w\nsweep retry %s submits the others, sweep cancel %s cancels those that were accepted", partial, usage.QuotePath(p.Dir), usage.QuotePath(p.Dir))
	}
	if err != nil {
		return err
	}
	return a.submitted(p, s)
}

// printScripts prints the batch scripts that a submission would send.
func (a *app) printScripts(p *sweep.Plan, s *cluster.Submission, engine *slurm.Engine) error {
	if a.asJSON {
		return a.submissionJSON(p, s, engine.Script)
	}
	for i := range s.Jobs {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		fmt.Fprint(a.stdout, engine.Script(&s.Jobs[i]))
	}
	return nil
}

// submitted prints the ids of the jobs.
func (a *app) submitted(p *sweep.Plan, s *cluster.Submission) error {
	if a.asJSON {
		return a.submissionJSON(p, s, nil)
	}
	arrays := s.Jobs[:len(s.Jobs)-1]
	ids := make([]string, len(arrays))
	for i := range arrays {
		ids[i] = arrays[i].ID
	}
	fmt.Fprintf(a.stdout, "%s in %s: job %s; then job %s writes the Parquet files\n",
		command.Plural(s.Cells, "cell"), command.Plural(s.Tasks(), "task"), strings.Join(ids, ", "), s.Jobs[len(arrays)].ID)
	fmt.Fprintf(a.stdout, "sweep status %s shows the progress\n", usage.QuotePath(p.Dir))
	return nil
}

// submissionJSON prints the jobs, with their scripts if there are any. Jobs
// that were not submitted have no id.
func (a *app) submissionJSON(p *sweep.Plan, s *cluster.Submission, script func(*cluster.Job) string) error {
	type job struct {
		*cluster.Job
		Script string `json:"script,omitempty"`
	}
	jobs := make([]job, len(s.Jobs))
	for i := range s.Jobs {
		jobs[i].Job = &s.Jobs[i]
		if script != nil {
			jobs[i].Script = script(&s.Jobs[i])
		}
	}
	return command.JSON(a.stdout, struct {
		Dir   string `json:"dir"`
		Cells int    `json:"cells"` // that are missing
		Tasks int    `json:"tasks"`
		Jobs  []job  `json:"jobs"`
	}{p.Dir, s.Cells, s.Tasks(), jobs})
}

func (a *app) nothingToSubmit(p *sweep.Plan, s *cluster.Submission) error {
	if a.asJSON {
		return a.submissionJSON(p, s, nil)
	}
	if s.Cells == 0 {
		fmt.Fprintf(a.stdout, "nothing to submit: %s holds all of %s\n", usage.Quote(p.Dir), command.Plural(len(p.Cells), "cell"))
	} else {
		fmt.Fprintf(a.stdout, "nothing to submit: the tasks of the %s that are missing are queued or running\n", command.Plural(s.Cells, "cell"))
	}
	return nil
}

// engineOf returns the batch system of a sweep directory and its record, or nil for
// both if nothing was submitted.
func engineOf(dir string) (*slurm.Engine, *cluster.Record, error) {
	record, err := cluster.ReadRecord(dir)
	if record == nil || err != nil {
		return nil, nil, err
	}
	engine := &slurm.Engine{Options: record.Slurm}
	if record.Engine != engine.Name() {
		return nil, nil, fmt.Errorf("%s was submitted to %q, which this program does not know", usage.QuotePath(dir), record.Engine)
	}
	return engine, record, nil
}
