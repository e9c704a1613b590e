//go:build !unix

package disk

// ProcessDead is false where the system cannot tell: what a process left behind
// becomes stale with time.
func ProcessDead(int) bool { return false }
