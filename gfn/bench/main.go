// Command bench compares training iterations of this repository with torchgfn
// and gfnx, point by point on the same machine, and writes docs/benchmarks.md:
//
//	go run ./gfn/bench [-n POINTS] [-points FILE] [-o FILE]
//
// It first sets up the peers' environments (gfn/bench/peers/setup.sh). At each point the
// programs run one after the other, so that other activity on the machine affects all of
// them. Finished points are kept in a file of JSON lines, from which an interrupted run
// continues.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	lines := flag.String("points", "runs/bench-peers.jsonl", "`file` of finished points, added to")
	out := flag.String("o", "docs/benchmarks.md", "document to write")
	seeds := flag.Int("seeds", 3, "seeds of each point, at most")
	most := flag.Int("n", -1, "stop after so many new points")
	child := flag.String("ours", "", "print the line of one point, as JSON, and stop")
	flag.Parse()
	var err error
	if *child != "" {
		err = ours(os.Stdout, *child)
	} else {
		err = compare(*lines, *out, *seeds, *most)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// compare measures at most most points that lines lacks, or all if most is negative, and
// writes the document from all results.
func compare(lines, out string, seeds, most int) error {
	dir, err := exec.Command("gfn/bench/peers/setup.sh").Output()
	if err != nil {
		return fmt.Errorf("making the peers' environments: %w", err)
	}
	done, err := read(lines)
	if err != nil {
		return err
	}
	all := points(seeds)
	for i, p := range all {
		if most == 0 {
			break
		}
		measured := false
		for _, peer := range peers {
			if find(done, peer, p) >= 0 {
				continue
			}
			r, err := measure(strings.TrimSpace(string(dir)), peer, p, variant(done, peer, p))
			if err != nil {
				return fmt.Errorf("%s at %+v: %w", peer, p, err)
			}
			if err := record(lines, r); err != nil {
				return err
			}
			done, measured = append(done, r), true
			fmt.Fprintf(os.Stderr, "%d/%d %s %+v: %.0f µs\n", i+1, len(all), peer, p, r.MedianUS)
		}
		if measured {
			most--
		}
	}
	return os.WriteFile(out, document(done), 0o644)
}

// find returns the index of a peer's result at a point, or -1.
func find(done []result, peer string, p point) int {
	return slices.IndexFunc(done, func(r result) bool { return r.Peer == peer && r.point == p })
}

// variant returns how the peer ran with another seed of the point, because the fastest
// way is searched for only once.
func variant(done []result, peer string, p point) string {
	for _, r := range done {
		r.Seed = p.Seed
		if r.Peer == peer && r.point == p {
			return r.Variant
		}
	}
	return ""
}

// read returns the finished points.
func read(name string) (done []result, err error) {
	f, err := os.Open(name)
	if os.IsNotExist(err) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	defer f.Close()
	s := bufio.NewScanner(f)
	for s.Scan() {
		var r result
		if err := json.Unmarshal(s.Bytes(), &r); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		done = append(done, r)
	}
	return done, s.Err()
}

// record appends a finished point.
func record(name string, r result) error {
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if err := json.NewEncoder(f).Encode(r); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
