package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"time"
)

// attempts at a point on one processor: something else may be using it.
const attempts = 3

// measure runs one program at one point, in the way named by variant or, where
// that is empty, in its fastest. A run on one thread that did not have its
// processor to itself is repeated, and the least disturbed one kept.
func measure(dir, peer string, p point, variant string) (best result, err error) {
	for range attempts {
		cmd, err := command(dir, peer, p, variant)
		if err != nil {
			return result{}, err
		}
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		start := time.Now()
		line, err := cmd.Output()
		if err != nil {
			return result{}, fmt.Errorf("%w: %s", err, stderr.Bytes())
		}
		var r result
		if err := json.Unmarshal(line, &r); err != nil {
			return result{}, err
		}
		if r.CPUShare == 0 { // ours: of the whole process
			used := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
			r.CPUShare = used.Seconds() / time.Since(start).Seconds()
		}
		if r.CPUShare > best.CPUShare {
			best = r
		}
		if p.Threads > 1 || r.CPUShare >= 0.95 {
			break
		}
	}
	return best, nil
}

// command is the program of a peer at a point, confined to as many processors
// as it has threads: ours by taskset, as Go has no call for it; the others
// confine themselves.
func command(dir, peer string, p point, variant string) (*exec.Cmd, error) {
	if peer == "gfnbench" {
		self, err := os.Executable()
		if err != nil {
			return nil, err
		}
		line, err := json.Marshal(p)
		return exec.Command("taskset", "-c", "0-"+strconv.Itoa(p.Threads-1), self, "-ours", string(line)), err
	}
	python, script := "torch", "bench_torchgfn.py"
	if peer == "gfnx" {
		python, script = "jax", "bench_gfnx.py"
	}
	args := []string{filepath.Join("gfn/bench/peers", script), "--env", p.Env}
	for name, value := range map[string]int{
		"--dim": p.Dim, "--height": p.Height, "--batch": p.Batch, "--threads": p.Threads,
		"--seed": p.Seed, "--pretrain": p.Pretrain, "--warmup": warmup, "--iters": timed,
	} {
		args = append(args, name, strconv.Itoa(value))
	}
	if variant != "" {
		args = append(args, "--variant", variant)
	}
	return exec.Command(filepath.Join(dir, python, "bin", "python"), args...), nil
}
