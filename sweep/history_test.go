package sweep

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/suites"
)

// measured is four plus measurements of the gradient's variance, so a directory has every
// kind of file.
const measured = four + `[variance]
steps = [1]
batches = [4]
replicates = 2
objective = ["tb"]
`

// A history is a sequence of events in a directory.
type history struct {
	*rapid.T
	plan, half *Plan // of all cells, and of the cells of one seed
	dir        string
	copies     []map[string][]byte // of all files, at some moments
	branches   []string            // copies of the directory
	log        []string
	refused    int   // errors on the way
	crashed    error // of an operation that was to crash
	temp       func() string
}

func (h *history) options(fsys disk.FS) Options {
	return Options{FS: fsys, Silence: 8 * time.Millisecond, Workers: 2}
}

// files lists the regular files of the directory, except the compaction lock, which waits
// minutes for strangers.
func (h *history) files() (list []string) {
	_ = filepath.WalkDir(h.dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() && e.Name() != "compact.lock" {
			list = append(list, path)
		}
		return nil
	})
	return list
}

// file draws one of the files, "" if there is none.
func (h *history) file() string {
	list := h.files()
	if len(list) == 0 {
		return ""
	}
	return rapid.SampledFrom(list).Draw(h.T, "file")
}

// operations are the possible events, by name.
var operations = map[string]func(h *history) error{
	"run": func(h *history) error {
		_, err := Run(context.Background(), h.plan, h.options(unsynced{disk.OS}))
		return err
	},
	"run half": func(h *history) error {
		_, err := Run(context.Background(), h.half, h.options(unsynced{disk.OS}))
		return err
	},
	"kill": func(h *history) error {
		f := &disk.Faulty{FS: unsynced{disk.OS}, CrashAt: rapid.IntRange(1, 160).Draw(h.T, "operation")}
		_, err := Run(context.Background(), h.plan, h.options(f))
		return err
	},
	"fail": func(h *history) error {
		f := &disk.Faulty{FS: unsynced{disk.OS}, FailAt: rapid.IntRange(1, 160).Draw(h.T, "operation")}
		_, err := Run(context.Background(), h.plan, h.options(f))
		return err
	},
	"retry": func(h *history) error {
		o := h.options(unsynced{disk.OS})
		o.Retry = []results.Status{results.Done, results.Failed}
		_, err := Run(context.Background(), h.half, o)
		return err
	},
	"copy": func(h *history) error {
		files := map[string][]byte{}
		for _, path := range h.files() {
			files[path], _ = os.ReadFile(path) // it may be gone
		}
		h.copies = append(h.copies, files)
		return nil
	},
	"copy back": func(h *history) error {
		if len(h.copies) == 0 {
			return nil
		}
		files := rapid.SampledFrom(h.copies).Draw(h.T, "copy")
		var names []string
		for name := range files {
			names = append(names, name)
		}
		if slices.Sort(names); len(names) == 0 {
			return nil
		}
		path := rapid.SampledFrom(names).Draw(h.T, "file")
		return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, files[path], 0o644))
	},
	"remove": func(h *history) error {
		if path := h.file(); path != "" {
			return os.Remove(path)
		}
		return nil
	},
	"flip": func(h *history) error {
		path := h.file()
		b, err := os.ReadFile(path)
		if err != nil || len(b) == 0 {
			return nil
		}
		b[rapid.IntRange(0, len(b)-1).Draw(h.T, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(h.T, "bit")
		return os.WriteFile(path, b, 0o644)
	},
	"age": func(h *history) error {
		at := time.Now().Add(time.Duration(rapid.IntRange(-10_000, 10_000).Draw(h.T, "hours")) * time.Hour)
		for _, path := range h.files() {
			_ = os.Chtimes(path, at, at) // it may be gone
		}
		return nil
	},
	"second host": func(h *history) error {
		b := rapid.SampledFrom(h.plan.blocks).Draw(h.T, "block")
		name := fmt.Sprintf("%016x", rapid.Uint64().Draw(h.T, "name"))
		record := fmt.Sprintf("%s feedfacefeedface 7 1 node2 - 0\n1 1 1\n\n", name)
		for _, path := range []string{filepath.Join(h.dir, lease.Workers, name), filepath.Join(h.dir, b.lease())} {
			if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(record), 0o644)); err != nil {
				return err
			}
		}
		return nil
	},
	"branch": func(h *history) error {
		to := filepath.Join(h.temp(), "branch")
		h.branches = append(h.branches, to)
		return os.CopyFS(to, os.DirFS(h.dir))
	},
	"merge": func(h *history) error {
		if len(h.branches) == 0 {
			return nil
		}
		from := rapid.SampledFrom(h.branches).Draw(h.T, "branch")
		_, err := Merge([]string{from}, h.dir, false, h.options(unsynced{disk.OS}))
		return err
	},
	"mend": func(h *history) error {
		_, err := Mend(h.dir, "", h.options(unsynced{disk.OS}))
		return err
	},
}

// step performs an operation. If it returns an error, the error must name a file.
func (h *history) step(name string) {
	h.log = append(h.log, name)
	err := operations[name](h)
	if err == nil {
		return
	}
	if errors.Is(err, disk.ErrCrash) {
		h.crashed = err
	}
	if h.refused++; !h.named(err) {
		h.Fatalf("%s: the error names no file: %v", strings.Join(h.log, ", "), err)
	}
}

// named reports whether an error names the directory, or one merged into it.
func (h *history) named(err error) bool {
	return strings.Contains(err.Error(), h.dir) || slices.ContainsFunc(h.branches, func(b string) bool { return strings.Contains(err.Error(), b) })
}

// end runs the plan to its end, by the ways back that the errors name, and returns the
// digest.
func (h *history) end() string {
	var errs []string
	for range 6 {
		s, err := Run(context.Background(), h.plan, h.options(unsynced{disk.OS}))
		if err == nil {
			return s.Digest
		}
		h.refused++
		errs = append(errs, err.Error())
		if !h.named(err) {
			break
		}
		if _, err := os.Stat(filepath.Join(h.dir, suiteFile)); err != nil { // "it is no sweep directory": from a copy
			_ = os.WriteFile(filepath.Join(h.dir, suiteFile), h.plan.Suite.Text, 0o644)
		}
		if _, damaged := errors.AsType[*suites.SumError](err); damaged || !isRefused(err) {
			_ = os.WriteFile(filepath.Join(h.dir, suiteFile), h.plan.Suite.Text, 0o644) // from a copy
			_ = os.Remove(filepath.Join(h.dir, suites.DirSums))
		}
		if _, err := Mend(h.dir, "", h.options(unsynced{disk.OS})); err != nil {
			errs = append(errs, "mend: "+err.Error())
			if damaged, ok := errors.AsType[*suites.SumError](err); ok && damaged.Name == suites.DirSums {
				_ = os.Remove(filepath.Join(h.dir, suites.DirSums)) // as the error advises
			}
		}
	}
	h.Fatalf("%s: no way back: %s", strings.Join(h.log, ", "), strings.Join(errs, "\n"))
	return ""
}

func isRefused(err error) bool {
	_, ok := errors.AsType[*results.RefusedError](err)
	return ok
}

// TestHistories: any history of a directory ends in the digest of an undisturbed run, or
// in errors that name a file and whose ways back lead to that digest.
func TestHistories(t *testing.T) {
	want := expect(t, measured)
	names := make([]string, 0, len(operations))
	for name := range operations {
		names = append(names, name)
	}
	slices.Sort(names)
	longest := 6
	if os.Getenv("GFNBENCH_SOAK") != "" {
		longest = 14
	}
	n, refused := 0, 0
	var count tally
	rapid.Check(t, func(rt *rapid.T) {
		dir := t.TempDir()
		h := &history{T: rt, dir: dir, temp: t.TempDir, plan: load(t, measured, dir, Selection{}), half: load(t, measured, dir, Selection{Filter: []string{"seed=0"}})}
		h.step("run half")
		h.step("copy")
		for range rapid.IntRange(1, longest).Draw(rt, "length") {
			h.step(rapid.SampledFrom(names).Draw(rt, "operation"))
		}
		if got := h.end(); got != want {
			rt.Fatalf("%s: digest %s, want %s", strings.Join(h.log, ", "), got, want)
		}
		if files, err := results.Standing(dir); err != nil || len(files) > 0 {
			rt.Fatalf("%s: in conflict: %v, %v", strings.Join(h.log, ", "), files, err)
		}
		s, err := Summarize(h.plan)
		must(t, err)
		count.add(h.crashed, s)
		n, refused = n+1, refused+h.refused
	})
	if n > 0 {
		count.check(t)
	}
	t.Logf("%d histories, %d errors on the way", n, refused)
}
