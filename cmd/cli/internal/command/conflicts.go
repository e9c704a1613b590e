package command

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"gfnbench/results"
	"gfnbench/usage"
)

// ExitConflict is the exit code of a command that finished but found results in
// conflict.
const ExitConflict = 8

// Seen records the sweep directories that a command reads.
type Seen struct {
	paths    []string
	disputes []string // conflicts that no compaction has found yet
}

type seenKey struct{}

// WithSeen returns a context that carries seen to [SeenOf].
func WithSeen(ctx context.Context, seen *Seen) context.Context {
	return context.WithValue(ctx, seenKey{}, seen)
}

// SeenOf returns what WithSeen put into a context, or nil.
func SeenOf(ctx context.Context) *Seen {
	d, _ := ctx.Value(seenKey{}).(*Seen)
	return d
}

// Add notes directories, and the conflicts found in reading them.
func (d *Seen) Add(conflicts []results.Conflict, paths ...string) {
	if d == nil {
		return
	}
	for _, path := range paths {
		if path = filepath.Clean(path); !slices.Contains(d.paths, path) {
			d.paths = append(d.paths, path)
		}
	}
	for _, c := range conflicts {
		if text := c.Error(); !slices.Contains(d.disputes, text) {
			d.disputes = append(d.disputes, text)
		}
	}
}

// Tell says which of the directories hold conflicting results, and how to
// settle the conflicts. It reports whether there are any.
func (d *Seen) Tell(w io.Writer, program string) bool {
	told := false
	for _, dir := range d.paths {
		files, err := results.Standing(dir)
		if err != nil {
			fmt.Fprintf(w, "%s: %v\n", program, err)
			told = true
		}
		if len(files) == 0 {
			continue
		}
		told = true
		quoted := usage.QuotePath(dir)
		fmt.Fprintf(w, "%s: %s holds results that differ from those that stand: another program made them, or something is not reproducible. "+
			"sweep verify %s tells which are right; sweep mend %s --conflicts keep keeps those that stand, --conflicts rerun forgets them, and a run trains them again\n",
			program, usage.QuotePath(files[0]), quoted, quoted)
	}
	for _, text := range d.disputes {
		fmt.Fprintf(w, "%s: %s: the first stands\n", program, text)
		told = true
	}
	return told
}
