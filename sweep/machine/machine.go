// Package machine says what there is to train on: the processor, and the memory
// that this program may take.
package machine

import (
	"os"
	"strconv"
)

// A Limit is something that bounds the memory of this program.
type Limit struct {
	Name  string  // what sets it, for readers
	Total float64 // bytes
	Left  float64 // bytes not yet taken by this program or by others that share the limit
}

// Memory returns the limit that leaves the least memory, and false if none is
// known.
func Memory() (Limit, bool) {
	var tightest Limit
	limits := limits()
	for i, l := range limits {
		if i == 0 || l.Left < tightest.Left {
			tightest = l
		}
	}
	return tightest, len(limits) > 0
}

// slurm returns the limit of a job. Slurm may enforce it by ending the job
// instead of by a control group.
func slurm(env func(string) string, used float64) (Limit, bool) {
	const megabyte = 1 << 20
	number := func(name string) float64 {
		x, _ := strconv.ParseFloat(env(name), 64) // 0 if it is not set
		return x
	}
	total := number("SLURM_MEM_PER_NODE")
	if total == 0 {
		total = number("SLURM_MEM_PER_CPU") * number("SLURM_CPUS_ON_NODE")
	}
	return Limit{"the job's memory (Slurm, --mem)", total * megabyte, total*megabyte - used}, total > 0
}

// appendSlurm appends the limit of Slurm, if there is one.
func appendSlurm(list []Limit, used float64) []Limit {
	if l, ok := slurm(os.Getenv, used); ok {
		list = append(list, l)
	}
	return list
}
