package lease

import (
	"fmt"
	"strings"
	"time"

	"gfnbench/results/process"
)

// A Task identifies a process within a batch system. The zero Task means none.
type Task struct {
	Name     string // the same whenever the system starts it
	Restarts int    // how often the system restarted it
}

// supersedes reports whether a task is a later start of another.
func (t Task) supersedes(o Task) bool {
	return t.Name != "" && t.Name == o.Name && t.Restarts > o.Restarts
}

// An Owner is a holder of leases, as its record describes it.
type Owner struct {
	Name    string     // name of its record: 16 hexadecimal digits
	Process process.ID // process that joined
	Since   time.Time  // when it joined, by its clock
	Host    string     // "-" if not told
	Task    Task       // task of a batch system, if it is one
	Renewed time.Time  // when it last renewed the record, by its clock; zero if unknown
	Note    string     // what it says about its work, in one line
}

// recordOf writes the record of an owner. Its first line is the whole record of
// version 0.1.0, which therefore understands it. The count of renewals makes the
// text different each time.
func recordOf(o *Owner, renewals int) []byte {
	task, host := o.Task.Name, o.Host
	if task == "" {
		task = "-"
	}
	if host == "" {
		host = "-"
	}
	first := fmt.Sprintf("%s %s %d %d %s %s %d\n", o.Name, orUnknown(o.Process.Machine), o.Process.Number, o.Since.Unix(), host, task, o.Task.Restarts)
	return fmt.Appendf(nil, "%s%d %d %d\n%s\n", first, o.Process.Start, o.Renewed.Unix(), renewals, strings.ReplaceAll(o.Note, "\n", " "))
}

const unknownMachine = "unknown"

func orUnknown(machine string) string {
	if machine == "" {
		return unknownMachine
	}
	return machine
}

// A format says what kind of text a lease holds.
type format int

const (
	damaged  format = iota // none of the others
	current                // a record that changes with each renewal
	touched                // a record of version 0.1.0, whose renewals change the file's time only
	lockFile               // of version 0.1.0: "HOST NUMBER RANDOM", also touched
)

// parse reads the text of a lease, which is a record as it was when the lease
// was taken.
func parse(text []byte) (o Owner, f format) {
	var since int64
	first, rest, _ := strings.Cut(string(text), "\n")
	second, note, _ := strings.Cut(rest, "\n")
	n, err := fmt.Sscanf(first, "%s %s %d %d %s %s %d", &o.Name, &o.Process.Machine, &o.Process.Number, &since, &o.Host, &o.Task.Name, &o.Task.Restarts)
	if n != 7 || err != nil || !isName(o.Name) {
		return parseLockFile(first)
	}
	if o.Process.Machine == unknownMachine {
		o.Process.Machine = ""
	}
	if o.Task.Name == "-" {
		o.Task = Task{}
	}
	o.Since = time.Unix(since, 0)
	if second == "" {
		return o, touched
	}
	var renewed, renewals int64
	if n, err := fmt.Sscanf(second, "%d %d %d", &o.Process.Start, &renewed, &renewals); n != 3 || err != nil {
		return Owner{}, damaged
	}
	o.Renewed, o.Note = time.Unix(renewed, 0), strings.TrimSuffix(note, "\n")
	return o, current
}

func parseLockFile(line string) (o Owner, f format) {
	var random string
	n, err := fmt.Sscanf(line, "%s %d %s", &o.Host, &o.Process.Number, &random)
	if n != 3 || err != nil || !isName(random) {
		return Owner{}, damaged
	}
	return o, lockFile
}

// isName reports whether the text is 16 hexadecimal digits, because it becomes
// part of a path.
func isName(text string) bool {
	return len(text) == 16 && strings.Trim(text, "0123456789abcdef") == ""
}
