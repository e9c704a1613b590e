package sweep

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"

	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/sweep/machine"
)

// lastWords is the file in which a process says that it ran out of memory: Go
// writes there what it prints when it crashes.
type lastWords struct {
	file *os.File
	path string
}

func lastWordsPath(dir, owner string) string {
	return filepath.Join(dir, lease.Workers, owner+".crash")
}

// keepLastWords opens the file for a holder of leases. The file begins with how
// many processes the kernel has killed so far because memory ran out. It
// returns nil, on which every method does nothing, if the file cannot be made.
func keepLastWords(fsys disk.FS, dir, owner string) *lastWords {
	if fsys != disk.OS {
		return nil // in a test
	}
	path := lastWordsPath(dir, owner)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return nil
	}
	_, err = fmt.Fprintf(f, "%.0f\n", machine.OOMKills())
	if err == nil {
		err = debug.SetCrashOutput(f, debug.CrashOptions{})
	}
	if err != nil {
		_ = f.Close() // only the reason is lost
	}
	return &lastWords{f, path}
}

// forget closes the file and removes it.
func (w *lastWords) forget() {
	if w == nil {
		return
	}
	_ = debug.SetCrashOutput(nil, debug.CrashOptions{}) // there was none before
	_ = w.file.Close()                                  // its content is not needed
	_ = os.Remove(w.path)                               // as above
}

// forgetLastWords removes the files of dead processes, whose records are gone.
func forgetLastWords(fsys disk.FS, dir string) {
	entries, _ := fsys.ReadDir(filepath.Join(dir, lease.Workers)) // what is left does no harm
	for _, e := range entries {
		owner, ok := strings.CutSuffix(e.Name(), ".crash")
		if _, err := fsys.Stat(filepath.Join(dir, lease.Workers, owner)); ok && errors.Is(err, fs.ErrNotExist) {
			_ = fsys.Remove(lastWordsPath(dir, owner)) // does no harm
		}
	}
}

// ranOutOfMemory reports whether a dead process is known to have run out of
// memory: its last words say so, or the kernel of this machine has killed
// processes because memory ran out since it began.
func ranOutOfMemory(fsys disk.FS, dir string, o *lease.Owner) bool {
	path := lastWordsPath(dir, o.Name)
	text, err := disk.Read(fsys, path)
	if err != nil {
		return false // it said nothing
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	var kills float64
	_, err = fmt.Sscanf(first, "%f", &kills)
	if o.Process.Here() && err == nil && machine.OOMKills() > kills {
		return true
	}
	return allocating.MatchString(rest)
}

// allocating matches the trace of a crash in which Go's allocator gave up. The
// message before it, "out of memory" or another, is written elsewhere.
var allocating = regexp.MustCompile(`runtime\.throw\([^\n]*\n[^\n]*\nruntime\.(\(\*(mcache|mcentral|mheap|pageAlloc|linearAlloc)\)\.|sys[A-Z]|persistentalloc|mmap|newosproc|newm|stackalloc)`)
