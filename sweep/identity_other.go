//go:build !linux

package sweep

// machine is left to the host's name.
func machine() string { return "" }
