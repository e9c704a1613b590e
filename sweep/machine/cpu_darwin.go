package machine

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// CPU returns the model of the processor, as the kernel names it.
func CPU() string {
	if model, err := unix.Sysctl("machdep.cpu.brand_string"); err == nil {
		return model
	}
	return runtime.GOARCH
}
