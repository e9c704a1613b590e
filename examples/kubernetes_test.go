package examples

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"
)

// A job has the fields of batch/v1's Job that the manifest uses, with the names and types
// of the API's reference. Anything misspelt, in the wrong place or of another type cannot
// be decoded into it.
type job struct {
	APIVersion string   `yaml:"apiVersion"`
	Kind       string   `yaml:"kind"`
	Metadata   metadata `yaml:"metadata"`
	Spec       struct {
		CompletionMode       string `yaml:"completionMode"`
		Completions          int32  `yaml:"completions"`
		Parallelism          int32  `yaml:"parallelism"`
		BackoffLimitPerIndex int32  `yaml:"backoffLimitPerIndex"`
		PodFailurePolicy     struct {
			Rules []rule `yaml:"rules"`
		} `yaml:"podFailurePolicy"`
		Template struct {
			Spec podSpec `yaml:"spec"`
		} `yaml:"template"`
	} `yaml:"spec"`
}

type metadata struct {
	Name string `yaml:"name"`
}

type rule struct {
	Action          string `yaml:"action"`
	OnPodConditions []struct {
		Type string `yaml:"type"`
	} `yaml:"onPodConditions"`
	OnExitCodes *struct {
		Operator string  `yaml:"operator"`
		Values   []int32 `yaml:"values"`
	} `yaml:"onExitCodes"`
}

type podSpec struct {
	RestartPolicy                 string `yaml:"restartPolicy"`
	TerminationGracePeriodSeconds int64  `yaml:"terminationGracePeriodSeconds"`
	Containers                    []struct {
		Name       string   `yaml:"name"`
		Image      string   `yaml:"image"`
		WorkingDir string   `yaml:"workingDir"`
		Command    []string `yaml:"command"`
		Args       []string `yaml:"args"`
		Resources  struct {
			Requests map[string]string `yaml:"requests"`
		} `yaml:"resources"`
		VolumeMounts []struct {
			Name      string `yaml:"name"`
			MountPath string `yaml:"mountPath"`
		} `yaml:"volumeMounts"`
	} `yaml:"containers"`
	Volumes []struct {
		Name                  string `yaml:"name"`
		PersistentVolumeClaim struct {
			ClaimName string `yaml:"claimName"`
		} `yaml:"persistentVolumeClaim"`
	} `yaml:"volumes"`
}

// readJob decodes the manifest. A repeated key is an error too.
func readJob(text []byte) (j job, err error) {
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	return j, d.Decode(&j)
}

// TestManifestMistakes checks that what an API server would reject is rejected here.
func TestManifestMistakes(t *testing.T) {
	text, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	for old, mistake := range map[string]string{
		"backoffLimitPerIndex": "backOffLimitPerIndex",
		"  completions: 8":     "  completions: eight",
		"      restartPolicy":  "      parallelism: 8\n      restartPolicy",
		"kind: Job":            "kind: Job\nkind: Job",
		`cpu: "4"`:             "cpu: [4]",
	} {
		if _, err := readJob([]byte(strings.Replace(string(text), old, mistake, 1))); err == nil {
			t.Errorf("%q was read", mistake)
		}
	}
}

const manifest = "kubernetes/job.yaml"

// TestKubernetesJob reads the manifest, checks what the API's reference requires of
// combinations of fields, and runs its pods here as the Job's controller would: one for
// each completion index, all on one volume. They give the same results as a single run.
func TestKubernetesJob(t *testing.T) {
	out, err := os.ReadFile(manifest)
	if err != nil {
		t.Fatal(err)
	}
	j, err := readJob(out)
	if err != nil {
		t.Fatal(err)
	}
	s, pod := j.Spec, j.Spec.Template.Spec
	if j.APIVersion != "batch/v1" || j.Kind != "Job" || s.CompletionMode != "Indexed" || len(pod.Containers) != 1 {
		t.Fatalf("not an Indexed Job of one container: %s", out)
	}
	if pod.RestartPolicy != "Never" { // podFailurePolicy requires it
		t.Errorf("restartPolicy %s", pod.RestartPolicy)
	}
	if j.Metadata.Name == "" || s.Parallelism < 1 || s.Parallelism > s.Completions || s.BackoffLimitPerIndex < 1 {
		t.Errorf("a Job %q of %d completions, %d at a time, %d retries each", j.Metadata.Name, s.Completions, s.Parallelism, s.BackoffLimitPerIndex)
	}
	for _, r := range s.PodFailurePolicy.Rules { // each has one of the two conditions
		known := slices.Contains([]string{"Count", "FailIndex", "FailJob", "Ignore"}, r.Action)
		if codes := r.OnExitCodes; !known || (codes != nil) == (len(r.OnPodConditions) > 0) ||
			codes != nil && (codes.Operator != "In" || len(codes.Values) == 0 || slices.Contains(codes.Values, 0)) {
			t.Errorf("no rule of a podFailurePolicy: %+v", r)
		}
	}
	c := pod.Containers[0]
	if want := fmt.Sprintf("/%d ", s.Completions); len(c.Args) != 1 || !strings.Contains(c.Args[0], want) {
		t.Errorf("the shards in %q are not of %d", c.Args, s.Completions)
	}
	if len(c.VolumeMounts) != 1 || len(pod.Volumes) != 1 || c.VolumeMounts[0].Name != pod.Volumes[0].Name || c.VolumeMounts[0].MountPath != c.WorkingDir {
		t.Errorf("the pods do not work in the volume: %s", out)
	}
	volume := volumeWith(t)
	var pods sync.WaitGroup
	for i := range s.Completions {
		pods.Go(func() {
			p := exec.Command(c.Command[0], append(c.Command[1:], c.Args...)...)
			p.Dir, p.Env = volume, append(os.Environ(), fmt.Sprintf("JOB_COMPLETION_INDEX=%d", i))
			if out, err := p.CombinedOutput(); err != nil {
				t.Errorf("index %d: %v\n%s", i, err, out)
			}
		})
	}
	pods.Wait()
	// Every cell is there before the last run, which only writes the files.
	if status := sweepOn(t, volume, "status", "runs/my"); !strings.Contains(status, "done") || strings.Contains(status, "not run") {
		t.Errorf("the pods have left cells:\n%s", status)
	}
	sweepOn(t, volume, "run", "runs/my")
	sweepOn(t, volume, "run", "my.toml", "-o", "whole")
	if got, want := sweepOn(t, volume, "digest", "runs/my"), sweepOn(t, volume, "digest", "whole"); got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

// volumeWith returns a folder with the files that the manifest expects on the volume.
func volumeWith(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "sweep"), "../cmd/sweep").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	suite, err := os.ReadFile("testdata/tiny.toml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "my.toml"), suite, 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// sweepOn runs sweep on the volume and returns what it prints.
func sweepOn(t *testing.T, volume string, args ...string) string {
	t.Helper()
	c := exec.Command("./sweep", args...)
	c.Dir = volume
	out, err := c.Output()
	if err != nil {
		t.Fatalf("sweep %v: %v", args, err)
	}
	return string(out)
}
