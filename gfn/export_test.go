package gfn

import "gfnbench/gfn/policy"

// Rows returns the number of distinct states on the tape of a discrete policy.
func Rows(t *Trainer) int { return t.policy.(*policy.Discrete).Rows() }
