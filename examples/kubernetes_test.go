package examples

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// A job is what this test needs of a Kubernetes Job.
type job struct {
	APIVersion string
	Kind       string
	Spec       struct {
		CompletionMode string
		Completions    int
		Template       struct {
			Spec struct {
				RestartPolicy string
				Containers    []struct {
					Command, Args []string
					WorkingDir    string
					VolumeMounts  []struct{ Name, MountPath string }
				}
				Volumes []struct{ Name string }
			}
		}
	}
}

// TestKubernetesJob reads the manifest with the types of the Kubernetes API, and
// runs its pods here, as the Job's controller would: one for each completion index,
// all on one volume. They leave what a single run gives.
func TestKubernetesJob(t *testing.T) {
	out, err := exec.Command("go", "-C", "../.ci/manifest", "run", ".", "../../examples/kubernetes/job.yaml").Output()
	if err != nil {
		why := err.Error()
		if e, ok := err.(*exec.ExitError); ok {
			why = string(e.Stderr)
		}
		if os.Getenv("CI") != "true" && os.Getenv("GFNBENCH_REQUIRE_READERS") == "" && !strings.Contains(why, "manifest:") {
			t.Skipf("the types of the API cannot be had: %s", why)
		}
		t.Fatal(why)
	}
	var j job
	if err := json.Unmarshal(out, &j); err != nil {
		t.Fatal(err)
	}
	s, pod := j.Spec, j.Spec.Template.Spec
	if j.APIVersion != "batch/v1" || j.Kind != "Job" || s.CompletionMode != "Indexed" || len(pod.Containers) != 1 {
		t.Fatalf("not an Indexed Job of one container: %s", out)
	}
	if pod.RestartPolicy != "Never" { // which podFailurePolicy requires
		t.Errorf("restartPolicy %s", pod.RestartPolicy)
	}
	c := pod.Containers[0]
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

// volumeWith is a folder with what the manifest says lies on the volume.
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
