//go:build !linux && !darwin

package machine

import "runtime"

// CPU returns the architecture, because the model is not known here.
func CPU() string { return runtime.GOARCH }
