// Package process names processes permanently and tells which of them are dead.
//
// A number alone does not identify a process: other PID namespaces use the same numbers,
// and after a process has ended another one may get its number. An [ID] therefore
// includes the boot and the namespace in which the number counts, and the time at which
// the process started. Host names play no part, because containers share them.
package process

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
)

// An ID names one process.
type ID struct {
	Machine string // boot and namespace, 16 hexadecimal digits; empty if the system does not tell them
	Number  int    // in that namespace
	Start   uint64 // by the kernel's clock; 0 if unknown
}

// Self returns the ID of this process.
var Self = sync.OnceValue(func() ID {
	start, _ := look(os.Getpid()) // 0 if it is unknown
	return ID{machine(), os.Getpid(), start}
})

// Here reports whether the process belongs, or belonged, to this boot and
// namespace, so [ID.Dead] can tell whether it still runs.
func (id ID) Here() bool { return id.Machine != "" && id.Machine == Self().Machine && id.Number > 0 }

// Dead reports whether the process is known to have ended. A zombie, which has
// ended but whose parent has not asked for its exit status yet, is dead.
// Nothing is known about a process elsewhere.
func (id ID) Dead() bool {
	if !id.Here() {
		return false
	}
	start, dead := look(id.Number)
	return dead || start != 0 && id.Start != 0 && start != id.Start
}

// unknownMachine stands for an empty Machine in text.
const unknownMachine = "unknown"

// String returns the machine, the number and the start, joined by dots.
func (id ID) String() string {
	m := id.Machine
	if m == "" {
		m = unknownMachine
	}
	return fmt.Sprintf("%s.%d.%d", m, id.Number, id.Start)
}

// Parse reads what [ID.String] returned.
func Parse(text string) (id ID, ok bool) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || parts[0] == "" {
		return ID{}, false
	}
	number, err1 := strconv.Atoi(parts[1])
	start, err2 := strconv.ParseUint(parts[2], 10, 64)
	if err1 != nil || err2 != nil || number <= 0 {
		return ID{}, false
	}
	if parts[0] == unknownMachine {
		parts[0] = ""
	}
	return ID{parts[0], number, start}, true
}
