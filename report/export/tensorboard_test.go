package export

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gfnbench/gfn/metric"
	"gfnbench/report/reporttest"
	"gfnbench/results/readerstest"
)

// readTensorBoard prints what TensorBoard's own reader finds in a folder: by run and
// tag, steps, values and seconds.
const readTensorBoard = `
import json, os, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
found = {}
for folder, _, files in os.walk(sys.argv[1]):
    if files:
        events = EventAccumulator(folder, size_guidance={"scalars": 0})
        events.Reload()
        found[os.path.relpath(folder, sys.argv[1]).replace(os.sep, "/")] = {
            tag: [[e.step, str(e.value), e.wall_time] for e in events.Scalars(tag)] for tag in events.Tags()["scalars"]}
print(json.dumps(found))
`

// TestTensorBoard: TensorBoard reads every evaluation of every run, in float32.
func TestTensorBoard(t *testing.T) {
	python := readerstest.Python(t)
	// Write the files.
	s, dir := reporttest.Example(t), t.TempDir()
	err := TensorBoard(func(name string, write func(io.Writer) error) error {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return err
		}
		defer f.Close()
		return write(f)
	}, s)
	if err != nil {
		t.Fatal(err)
	}
	// Read them with TensorBoard.
	c := exec.Command(python, "-c", readTensorBoard, dir)
	c.Stderr = os.Stderr
	out, err := c.Output()
	if err != nil {
		t.Fatal(err)
	}
	var found map[string]map[string][][3]any
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatalf("%v in %s", err, out)
	}
	// Compare the events of every run.
	columns, runs := differing(s), 0
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		runs++
		scalars := found[runName(columns, r)]
		if scalars == nil {
			t.Fatalf("no run %s among %q", runName(columns, r), slices.Sorted(maps.Keys(found)))
		}
		var events []string
		for tag, list := range scalars {
			for _, e := range list {
				events = append(events, fmt.Sprint(tag, " ", e[0], " ", float32Text(e[1].(string))))
				if at, start := e[2].(float64), float64(r.Run.Timing.Start.UnixMicro())/1e6; math.Abs(at-start-r.Run.Timing.Wall*e[0].(float64)/float64(r.Run.Step)) > 1e-3 {
					t.Errorf("%s at step %v is dated %v, the run began at %v and took %v s", tag, e[0], at, start, r.Run.Timing.Wall)
				}
			}
		}
		var want []string
		for i := range r.Run.Curve {
			for m := range metric.Metric(metric.NumEvaluated) {
				if x, ok := r.Run.Curve[i].Get(m); ok {
					want = append(want, fmt.Sprint(m, " ", r.Run.Curve[i].Step, " ", float32Text(fmt.Sprint(float32(x)))))
				}
			}
		}
		slices.Sort(events)
		slices.Sort(want)
		if !slices.Equal(events, want) {
			t.Fatalf("%s: TensorBoard reads\n%s\nwant\n%s", runName(columns, r), strings.Join(events, "\n"), strings.Join(want, "\n"))
		}
	}
	if len(found) != runs {
		t.Errorf("%d runs, want %d", len(found), runs)
	}
}

// float32Text returns the shortest text of the float32 nearest to a number.
func float32Text(text string) string {
	var x float64
	if _, err := fmt.Sscan(text, &x); err != nil {
		return text
	}
	return fmt.Sprint(float32(x))
}
