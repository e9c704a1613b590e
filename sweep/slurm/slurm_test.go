package slurm

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"gfnbench/suites"
	"gfnbench/sweep/cluster"
)

var update = flag.Bool("update", false, "write the golden files")

func TestScript(t *testing.T) {
	full := suites.Slurm{
		Partition: "cpu", Account: "lab", QOS: "long", Constraint: "avx512&ib", Time: "2:00:00", Memory: "4G", CPUs: 8, MaxRunning: 20,
		TaskMinutes: 30, SignalSeconds: 90, Options: []suites.SlurmOption{{Name: "comment", Value: `a "b" # c`}, {Name: "exclusive"}},
	}
	for name, c := range map[string]struct {
		options suites.Slurm
		job     cluster.Job
	}{
		"plain": {suites.DefaultSlurm(), cluster.Job{Dir: "/home/me/runs/tiny", Program: "sweep-0123456789ab", Shards: 12, Range: "0-11"}},
		"full":  {full, cluster.Job{Dir: "/home/me/100% mine's/tiny", Program: "sweep-0123456789ab", Shards: 3000, Offset: 1000, Range: "0-4,7", Filter: []string{"objective=tb", "seed=0,1"}, Again: "failed,timeout", After: []string{"17"}}},
		"merge": {full, cluster.Job{Dir: "/home/me/runs/tiny", Program: "sweep-0123456789ab", Merge: true, Shards: 12, After: []string{"17", "18"}}},
	} {
		got := (&Engine{Options: c.options}).Script(&c.job)
		path := filepath.Join("testdata", name+".sh")
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(path); err != nil || got != string(want) {
			t.Errorf("%s (%v):\n%s", path, err, got)
		}
	}
}

// TestParseQueue: lines as squeue of Slurm 22.05 printed them.
func TestParseQueue(t *testing.T) {
	at := time.Date(2026, 3, 1, 15, 55, 41, 0, time.Local)
	for text, want := range map[string][]cluster.Task{
		"":   nil,
		"\n": nil,
		"4|0|RUNNING|n1|2026-03-01T15:55:41|None\n":                {{Job: "4", Index: 0, State: cluster.Running, Detail: "running", Node: "n1", Since: at}},
		"4|1|COMPLETING|n1|2026-03-01T15:55:41|None\n":             {{Job: "4", Index: 1, State: cluster.Running, Detail: "completing", Node: "n1", Since: at}},
		"4|7|PENDING||N/A|JobArrayTaskLimit\n":                     {{Job: "4", Index: 7, State: cluster.Queued, Detail: "JobArrayTaskLimit"}},
		"4|7|PENDING||2026-03-01T15:55:41|(a|b)\n":                 {{Job: "4", Index: 7, State: cluster.Queued, Detail: "(a|b)"}},
		"4|2|CANCELLED||2026-03-01T15:55:41|None\n":                {{Job: "4", Index: 2, State: cluster.Ended, Detail: "cancelled", Since: at}},
		"4|[2-3,7%2]|PENDING||N/A|Resources\n":                     {{Job: "4", Index: 2, State: cluster.Queued, Detail: "Resources"}, {Job: "4", Index: 3, State: cluster.Queued, Detail: "Resources"}, {Job: "4", Index: 7, State: cluster.Queued, Detail: "Resources"}},
		"4|[0-4:2]|PENDING||N/A|None\n":                            {{Job: "4", Index: 0, State: cluster.Queued, Detail: "pending"}, {Job: "4", Index: 2, State: cluster.Queued, Detail: "pending"}, {Job: "4", Index: 4, State: cluster.Queued, Detail: "pending"}},
		"5|N/A|REQUEUE_HOLD||N/A|job requeued in held state\n":     {{Job: "5", Index: -1, State: cluster.Queued, Detail: "job requeued in held state"}},
		"5|N/A|OUT_OF_MEMORY|n2|2026-03-01T15:55:41|OutOfMemory\n": {{Job: "5", Index: -1, State: cluster.Ended, Detail: "out_of_memory", Node: "n2", Since: at}},
	} {
		got, err := parseQueue(text)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%q:\n got %+v, %v\nwant %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"4|0|RUNNING", "4|x|RUNNING|n1|N/A|None", "4|3-1|PENDING||N/A|None"} {
		if got, err := parseQueue(text); err == nil || !strings.Contains(err.Error(), "squeue printed") {
			t.Errorf("%q: %+v, %v", text, got, err)
		}
	}
}

// FuzzParseQueue: whatever squeue prints gives tasks or an error.
func FuzzParseQueue(f *testing.F) {
	f.Add("4|0|RUNNING|n1|2026-03-01T15:55:41|None\n")
	f.Add("4|[2-3,7%2]|PENDING||N/A|Resources")
	f.Add("5|N/A|COMPLETED|||")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parseQueue(text)
		for _, task := range list {
			if err == nil && (task.Index < -1 || task.State == "") {
				t.Errorf("%q: %+v", text, task)
			}
		}
	})
}

func TestSelf(t *testing.T) {
	for _, name := range []string{"SLURM_JOB_ID", "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID", "SLURM_RESTART_COUNT"} {
		t.Setenv(name, "")
	}
	if _, _, err := Self(); err == nil || !strings.Contains(err.Error(), "sweep run") {
		t.Errorf("outside a job: %v", err)
	}
	t.Setenv("SLURM_JOB_ID", "12")
	if self, index, err := Self(); err != nil || index != -1 || self.Name != "12" {
		t.Errorf("in a job: %+v, %d, %v", self, index, err)
	}
	// The first task of an array has the array's number as its job's.
	t.Setenv("SLURM_ARRAY_JOB_ID", "12")
	t.Setenv("SLURM_ARRAY_TASK_ID", "3")
	t.Setenv("SLURM_RESTART_COUNT", "2")
	if self, index, err := Self(); err != nil || index != 3 || self.Name != "12_3" || self.Restarts != 2 {
		t.Errorf("in an array: %+v, %d, %v", self, index, err)
	}
}
