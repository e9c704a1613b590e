//go:build !linux && !darwin

package sweep

// machineMemory is unknown here.
func machineMemory() float64 { return 0 }
