package slurm

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"os/exec"
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

// TestScriptChecksTheProgram: a copy that was planted, truncated or altered after the job
// was submitted does not run.
func TestScriptChecksTheProgram(t *testing.T) {
	for _, tool := range []string{"bash", "sha256sum"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skip(err)
		}
	}
	program := []byte("#!/bin/sh\necho \"runs $1\"\n")
	job := cluster.Job{Dir: filepath.Join(t.TempDir(), "it's mine"), Program: fmt.Sprintf("sweep-%x", sha256.Sum256(program))[:18], Merge: true}
	if err := os.MkdirAll(filepath.Dir(job.ProgramPath()), 0o755); err != nil {
		t.Fatal(err)
	}
	script := (&Engine{Options: suites.DefaultSlurm()}).Script(&job)
	for text, runs := range map[string]bool{string(program): true, string(program[:20]): false, "#!/bin/sh\necho runs anything\n": false} {
		if err := os.WriteFile(job.ProgramPath(), []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
		c := exec.Command("bash")
		c.Env = append(os.Environ(), "LC_ALL=C") // bash complains of a locale that is not installed
		c.Stdin = strings.NewReader(script)
		out, err := c.CombinedOutput()
		if runs && (err != nil || string(out) != "runs task\n") {
			t.Errorf("the program: %v, %s", err, out)
		}
		if !runs && (err == nil || !strings.Contains(string(out), "not the one that was submitted")) {
			t.Errorf("%q ran: %v, %s", text, err, out)
		}
	}
}

// TestHostileJobs: whatever a submission contains, nothing ends a line of its script.
func TestHostileJobs(t *testing.T) {
	for _, change := range []func(*suites.Slurm, *cluster.Job){
		func(s *suites.Slurm, _ *cluster.Job) { s.Partition = "cpu\ntouch X\n#" },
		func(s *suites.Slurm, _ *cluster.Job) { s.Account = "a\rb" },
		func(s *suites.Slurm, _ *cluster.Job) {
			s.Options = []suites.SlurmOption{{Name: "comment", Value: "\n"}}
		},
		func(s *suites.Slurm, _ *cluster.Job) { s.Options = []suites.SlurmOption{{Name: "x\ny"}} },
		func(_ *suites.Slurm, j *cluster.Job) { j.Dir = "/home/me\ntouch X" },
		func(_ *suites.Slurm, j *cluster.Job) { j.Filter = []string{"a=\x1b"} },
		func(_ *suites.Slurm, j *cluster.Job) { j.Program = "sweep-\n" },
	} {
		o, j := suites.DefaultSlurm(), cluster.Job{Dir: "/home/me/x", Program: "sweep-0"}
		if err := (&Engine{Options: o}).checkScript(&j); err != nil {
			t.Fatal(err)
		}
		change(&o, &j)
		e := &Engine{Options: o}
		if _, err := e.Submit(t.Context(), &j); err == nil || !strings.Contains(err.Error(), "control character") {
			t.Errorf("submitted %+v: %v", j, err)
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
	// The first task of an array has the array's number as its job number.
	t.Setenv("SLURM_ARRAY_JOB_ID", "12")
	t.Setenv("SLURM_ARRAY_TASK_ID", "3")
	t.Setenv("SLURM_RESTART_COUNT", "2")
	if self, index, err := Self(); err != nil || index != 3 || self.Name != "12_3" || self.Restarts != 2 {
		t.Errorf("in an array: %+v, %d, %v", self, index, err)
	}
}
