package reporttest

import (
	"fmt"
	"strings"
)

// Many returns a suite of 2 tasks, 5 objectives, 10 seeds and the given number of
// learning rates.
func Many(rates int) string {
	list := make([]string, rates)
	for i := range list {
		list[i] = fmt.Sprintf("%d.0e-5", i+1)
	}
	return `schema = 1
name = "many"
[run]
seeds = 10
root_seed = 1
steps = 100
eval_every = 10
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[environment.words]
kind = "sequences"
elements = 3
length = 3
instance_seed = 1
[[grid]]
objective = ["tb", "vargrad", "db", "reverse-kl", "forward-kl"]
"optimizer.lr" = [` + strings.Join(list, ", ") + `]
`
}
