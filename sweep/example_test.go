package sweep_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"gfnbench/results"
	"gfnbench/sweep"
)

// A suite is loaded and run. Running it again finds every cell and gives the same digest.
func ExampleRun() {
	dir, err := os.MkdirTemp("", "sweep")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "mine.toml")
	if err := os.WriteFile(file, []byte(mine), 0o644); err != nil {
		log.Fatal(err)
	}
	plan, err := sweep.Load(file, filepath.Join(dir, "runs"), sweep.Selection{Set: []string{"steps=10"}})
	if err != nil {
		log.Fatal(err)
	}
	first, err := sweep.Run(context.Background(), plan, sweep.Options{Workers: 2})
	if err != nil {
		log.Fatal(err)
	}
	again, err := sweep.Run(context.Background(), plan, sweep.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(first.Statuses[results.Done], "of", first.Cells, "done,", again.Cached, "kept, same digest:", first.Digest == again.Digest)
	// Output: 4 of 4 done, 4 kept, same digest: true
}

const mine = `schema = 1
name = "mine"
[run]
seeds = 2
batch = 4
[environment.grid]
kind = "hypergrid"
height = 3
[[grid]]
objective = ["tb", "reverse-kl"]
`
