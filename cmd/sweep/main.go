// Command sweep plans, runs and resumes sweeps of GFlowNet training runs.
//
// Standard output is data, standard error is progress. Exit codes: 0 all is
// well, 1 an error of the program or the machine, 2 wrong usage or an invalid
// suite, 3 some cells failed, 4 interrupted and resumable, 7 a filter matched
// nothing, 8 all is well except that results conflict.
package main

import "gfnbench/cmd/cli"

func main() { cli.Sweep() }
