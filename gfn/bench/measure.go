package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// attempts is how often a point is tried. tolerance is the share of a processor that
// everything else may use in an attempt that counts at once.
const (
	attempts  = 3
	tolerance = 0.1
)

// measure runs one program at one point, in the way named by variant or, if that is
// empty, in its fastest. A run disturbed by other activity on the machine is repeated,
// and the least disturbed run is kept.
func measure(dir, peer string, p point, variant string) (best result, err error) {
	for try := range attempts {
		cmd, err := command(dir, peer, p, variant)
		if err != nil {
			return result{}, err
		}
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		start, before := time.Now(), busy()
		line, err := cmd.Output()
		if err != nil {
			return result{}, fmt.Errorf("%w: %s", err, stderr.Bytes())
		}
		var r result
		if err := json.Unmarshal(line, &r); err != nil {
			return result{}, err
		}
		own := cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()
		r.Others = max(0, (busy()-before-own).Seconds()/time.Since(start).Seconds())
		if try == 0 || r.Others < best.Others {
			best = r
		}
		if best.Others < tolerance {
			break
		}
	}
	return best, nil
}

// busy returns the time that all processors together have worked since the machine
// started. Linux counts it in hundredths of a second (proc(5), /proc/stat): user, nice,
// system and, after idle and iowait, irq, softirq and steal. On other systems it is
// always 0.
func busy() time.Duration {
	text, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(text), "\n")
	total := 0
	for i, field := range strings.Fields(line) {
		if n, err := strconv.Atoi(field); err == nil && i <= 8 && i != 4 && i != 5 {
			total += n
		}
	}
	return time.Duration(total) * 10 * time.Millisecond
}

// command returns the command that runs a peer's program at a point, confined to as many
// processors as it has threads. Ours is confined by taskset, since Go has no call for it;
// the others confine themselves.
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
