//go:build !linux && !darwin

package machine

// limits returns only the limit of a job: no other is known here.
func limits() []Limit { return appendSlurm(nil, 0) }

// OOMKills returns 0: the system does not count.
func OOMKills() float64 { return 0 }
