package machine

import (
	"os"
	"runtime"
	"strings"
	"sync"
)

// CPU returns the model of the processor, as the kernel names it.
var CPU = sync.OnceValue(func() string {
	data, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	for line := range strings.Lines(string(data)) {
		if key, model, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(key) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	return runtime.GOARCH // such as arm64, whose kernel gives numbers only
})
