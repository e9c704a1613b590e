package sweep

import (
	"os"
	"strings"
)

// machine tells apart the places in which process numbers are counted: the
// boot of the kernel and the namespace of a container.
func machine() string {
	boot, _ := os.ReadFile("/proc/sys/kernel/random/boot_id") // without it, the host's name must do
	namespace, _ := os.Readlink("/proc/self/ns/pid")
	return strings.TrimSpace(string(boot)) + " " + namespace
}
