package sweep

import (
	"runtime"

	"golang.org/x/sys/unix"
)

// cpuModel is the model of the processor, as the kernel names it.
func cpuModel() string {
	if model, err := unix.Sysctl("machdep.cpu.brand_string"); err == nil {
		return model
	}
	return runtime.GOARCH
}
