package slurm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"gfnbench/suites"
	"gfnbench/sweep/cluster"
)

// An Engine is Slurm with the options of a submission.
type Engine struct {
	Options suites.Slurm // options of the suite and the command line
	Offline bool         // ask no cluster, and assume the default limits
}

// Name returns "slurm".
func (e *Engine) Name() string { return "slurm" }

// Available reports whether the programs of Slurm can be found.
func Available() bool {
	_, err := exec.LookPath("squeue")
	return err == nil
}

// Unreachable says why no cluster can be asked, or "" if one can.
func (e *Engine) Unreachable(ctx context.Context) string {
	if !Available() {
		return "squeue is not on the PATH"
	}
	if _, err := e.Limits(ctx); err != nil {
		return "Slurm does not answer (" + err.Error() + ")"
	}
	return ""
}

// command runs a program of Slurm and returns what it prints.
func command(ctx context.Context, input, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Stdin = strings.NewReader(input)
	var out, complaint bytes.Buffer
	c.Stdout, c.Stderr = &out, &complaint
	err := c.Run()
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("%s is not on the PATH: submit from a login node of the cluster", name)
	}
	if err != nil {
		why := strings.TrimSpace(complaint.String())
		if why == "" {
			why = err.Error()
		}
		return "", fmt.Errorf("%s: %s", name, strings.TrimPrefix(strings.ReplaceAll(why, "\n", "; "), name+": error: "))
	}
	return out.String(), nil
}

var configured = regexp.MustCompile(`(?m)^(MaxArraySize|MaxJobCount)\s*=\s*(\d+)`)

// Limits asks for MaxArraySize, which bounds the index of an array, for
// MaxJobCount and, if there is accounting, for the user's MaxSubmitJobs.
func (e *Engine) Limits(ctx context.Context) (cluster.Limits, error) {
	if e.Offline {
		return cluster.Limits{Index: 1001, Tasks: 10_000}, nil // slurm.conf(5)
	}
	text, err := command(ctx, "", "scontrol", "show", "config")
	if err != nil {
		return cluster.Limits{}, err
	}
	var l cluster.Limits
	for _, m := range configured.FindAllStringSubmatch(text, -1) {
		n, _ := strconv.Atoi(m[2])
		if m[1] == "MaxArraySize" {
			l.Index = n
		} else {
			l.Tasks = n
		}
	}
	if l.Index == 0 {
		return l, errors.New("slurm has no MaxArraySize: job arrays are disabled")
	}
	// Without accounting there is no such limit.
	if text, err := command(ctx, "", "sacctmgr", "-nP", "show", "assoc", "user="+username(), "format=MaxSubmitJobs"); err == nil {
		for line := range strings.Lines(text) {
			if n, err := strconv.Atoi(strings.TrimSpace(line)); err == nil && n > 0 {
				l.Tasks = min(l.Tasks, n)
			}
		}
	}
	return l, nil
}

// Submit submits a job.
func (e *Engine) Submit(ctx context.Context, j *cluster.Job) (string, error) {
	if err := e.checkScript(j); err != nil {
		return "", err
	}
	out, err := command(ctx, e.Script(j), "sbatch", "--parsable")
	if err != nil {
		return "", err
	}
	id, _, _ := strings.Cut(strings.TrimSpace(out), ";") // "id" or "id;cluster"
	if _, err := strconv.Atoi(id); err != nil {
		return "", fmt.Errorf("sbatch printed %q: expected the number of a job", out)
	}
	return id, nil
}

// Tasks asks squeue for all jobs of the user, because asking for a number that
// squeue does not know is an error.
func (e *Engine) Tasks(ctx context.Context, jobs []string) ([]cluster.Task, error) {
	if e.Offline {
		return nil, nil
	}
	out, err := command(ctx, "", "squeue", "-h", "--array", "-t", "all", "-u", strconv.Itoa(os.Getuid()), "-o", format)
	if err != nil {
		return nil, err
	}
	list, err := parseQueue(out)
	return slices.DeleteFunc(list, func(t cluster.Task) bool { return !slices.Contains(jobs, t.Job) }), err
}

// Cancel ends jobs.
func (e *Engine) Cancel(ctx context.Context, jobs []string) error {
	_, err := command(ctx, "", "scancel", jobs...)
	return err
}

// username returns the user's name, by which sacctmgr selects.
func username() string {
	if u, err := user.Current(); err == nil {
		return u.Username
	}
	return ""
}
