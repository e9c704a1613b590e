//go:build !linux && !darwin

package sweep

import "runtime"

// cpuModel is the architecture: the model is not known here.
func cpuModel() string { return runtime.GOARCH }
