// Command sweep is the program sweep with the objective huber-tb.
package main

import (
	"gfnbench/cmd/cli"
	"gfnbench/examples/huber"
	"gfnbench/gfn/objective"
)

func main() {
	objective.Kinds = append(objective.Kinds, huber.Kind)
	cli.Sweep()
}
