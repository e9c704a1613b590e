package slurm

import (
	"errors"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"gfnbench/suites/plain"
	"gfnbench/sweep/cluster"
	"gfnbench/usage"
)

// Script returns the batch script of a job. It checks the copy of the program and
// then replaces itself with it (exec), so signals reach the program.
func (e *Engine) Script(j *cluster.Job) string {
	var b strings.Builder
	b.WriteString("#!/bin/bash\n")
	for _, o := range e.directives(j) {
		b.WriteString("#SBATCH --" + o.Name)
		if o.Value != "" {
			b.WriteString("=" + directive(o.Value))
		}
		b.WriteByte('\n')
	}
	args := []string{j.ProgramPath(), "task", j.Dir}
	if j.Merge {
		args = append(args, "--merge")
	} else {
		args = append(args, "--shards", strconv.Itoa(j.Shards), "--offset", strconv.Itoa(j.Offset), "--jobs", strconv.Itoa(max(1, e.Options.CPUs)),
			"--notice", strconv.Itoa(e.Options.SignalSeconds))
		if j.Again != "" {
			args = append(args, "--again", j.Again)
		}
		if j.Trusted != "" {
			args = append(args, "--trusted", j.Trusted)
		}
	}
	if j.Role != "" {
		args = append(args, "--role", string(j.Role))
	}
	for _, f := range j.Filter {
		args = append(args, "--filter", f)
	}
	fmt.Fprintf(&b, "[ \"$(sha256sum < %s | cut -c1-%d)\" = %s ] || { echo 'the copy of sweep is not the one that was submitted: submit again' >&2; exit 1; }\n",
		usage.Quote(j.ProgramPath()), len(j.Sum()), usage.Quote(j.Sum()))
	b.WriteString("exec")
	for _, a := range args {
		b.WriteString(" " + usage.Quote(a))
	}
	b.WriteByte('\n')
	return b.String()
}

// checkScript reports control characters in what goes into the script of a job,
// because no quotes keep them from ending its lines.
func (e *Engine) checkScript(j *cluster.Job) error {
	for _, o := range e.directives(j) {
		if err := errors.Join(plain.Line(o.Name), plain.Line(o.Value)); err != nil {
			return fmt.Errorf("sbatch --%s=%q: %w", o.Name, o.Value, err)
		}
	}
	for _, word := range append([]string{j.Dir, j.Program, j.Again, j.Trusted}, j.Filter...) {
		if err := plain.Line(word); err != nil {
			return fmt.Errorf("the batch script's %q: %w", word, err)
		}
	}
	return nil
}

// An option is an option of sbatch; a flag has no value.
type option struct{ Name, Value string }

// directives returns the options of sbatch.
func (e *Engine) directives(j *cluster.Job) []option {
	o := e.Options
	list := []option{{"job-name", filepath.Base(j.Dir)}, {"ntasks", "1"}}
	cpus := max(1, o.CPUs)
	if j.Merge {
		cpus = 1
	}
	list = append(list, option{"cpus-per-task", strconv.Itoa(cpus)})
	for _, x := range []option{
		{"partition", o.Partition}, {"account", o.Account}, {"qos", o.QOS}, {"constraint", o.Constraint}, {"time", o.Time}, {"mem", o.Memory},
	} {
		if x.Value != "" {
			list = append(list, x)
		}
	}
	logs := strings.ReplaceAll(cluster.Logs(j.Dir), "%", "%%")
	if j.Merge {
		list = append(list, option{"output", filepath.Join(logs, "%j.log")})
	} else {
		array := j.Range
		if o.MaxRunning > 0 {
			array += fmt.Sprintf("%%%d", o.MaxRunning)
		}
		list = append(list, option{"array", array}, option{"output", filepath.Join(logs, "%A_%a.log")},
			option{"signal", fmt.Sprintf("B:USR2@%d", o.SignalSeconds)})
	}
	list = append(list, option{"open-mode", "append"}, option{"requeue", ""})
	if len(j.After) > 0 {
		list = append(list, option{"dependency", "afterany:" + strings.Join(j.After, ":")})
	}
	for _, x := range o.Options {
		list = append(list, option{x.Name, x.Value})
	}
	return list
}

// LogPath returns the file to which a task of a job prints; index is -1 for the
// final job.
func LogPath(j *cluster.Job, index int) string {
	if index < 0 {
		return filepath.Join(cluster.Logs(j.Dir), j.ID+".log")
	}
	return filepath.Join(cluster.Logs(j.Dir), fmt.Sprintf("%s_%d.log", j.ID, index))
}

// directive quotes a value for a line of #SBATCH, where sbatch understands
// double quotes and backslashes.
func directive(s string) string {
	if !strings.ContainsAny(s, " \t\"'\\#") {
		return s
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
