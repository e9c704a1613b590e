package slurm

import (
	"bufio"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"gfnbench/sweep/cluster"
)

// format is what squeue prints for each task: the number of its array or,
// without one, of the job; its index; state, node, start and reason. The reason
// comes last, because it may contain anything.
const format = "%F|%K|%T|%N|%S|%r"

// over lists the states in which a task has ended for good (squeue(1), job
// state codes). In every other state that is not running it is queued, or will
// be.
var over = []string{
	"BOOT_FAIL", "CANCELLED", "COMPLETED", "DEADLINE", "FAILED", "NODE_FAIL", "OUT_OF_MEMORY", "PREEMPTED", "REVOKED", "TIMEOUT",
}

// parseQueue parses what squeue prints in the format above. It splits array
// tasks that are printed together, such as "0-3,7%2".
func parseQueue(text string) (list []cluster.Task, err error) {
	for s := bufio.NewScanner(strings.NewReader(text)); s.Scan(); {
		line := strings.TrimSpace(s.Text())
		if line == "" {
			continue
		}
		f := strings.SplitN(line, "|", 6)
		if len(f) < 6 {
			return nil, fmt.Errorf("squeue printed %q: expected %s", line, format)
		}
		t := cluster.Task{Job: f[0], Node: f[3]}
		t.State, t.Detail = state(f[2], f[5])
		if at, err := time.ParseInLocation("2006-01-02T15:04:05", f[4], time.Local); err == nil && t.State != cluster.Queued {
			t.Since = at
		}
		indices, err := indices(f[1])
		if err != nil {
			return nil, fmt.Errorf("squeue printed %q: %w", line, err)
		}
		for _, t.Index = range indices {
			list = append(list, t)
		}
	}
	return list, nil
}

// state returns the state of a task, and its detail.
func state(word, reason string) (state, detail string) {
	switch {
	case word == "RUNNING" || word == "COMPLETING" || word == "STOPPED" || word == "SUSPENDED" || word == "SIGNALING" || word == "STAGE_OUT":
		return cluster.Running, strings.ToLower(word)
	case slices.Contains(over, word):
		return cluster.Ended, strings.ToLower(word)
	case reason == "" || reason == "None":
		return cluster.Queued, strings.ToLower(word)
	}
	return cluster.Queued, reason
}

// indices returns the indices of the tasks of a line, or -1 if there is no
// array.
func indices(text string) (list []int, err error) {
	if text == "" || text == "N/A" {
		return []int{-1}, nil
	}
	text, _, _ = strings.Cut(strings.Trim(text, "[]"), "%")
	for part := range strings.SplitSeq(text, ",") {
		part, step, stepped := strings.Cut(part, ":")
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		by := 1
		var err3 error
		if stepped {
			by, err3 = strconv.Atoi(step)
		}
		a, err1 := strconv.Atoi(first)
		b, err2 := strconv.Atoi(last)
		if err1 != nil || err2 != nil || err3 != nil || by < 1 || a < 0 || b < a || b > 1<<24 {
			return nil, fmt.Errorf("%q is not a list of array indices", text)
		}
		for i := a; i <= b; i += by {
			list = append(list, i)
		}
	}
	return list, nil
}
