//go:build !linux && !darwin

package machine

// limits is empty: none is known here, but that of a job.
func limits() []Limit { return appendSlurm(nil, 0) }

// OOMKills returns 0: the system does not count.
func OOMKills() float64 { return 0 }
