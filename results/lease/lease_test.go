package lease

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"gfnbench/results/disk"
	"gfnbench/results/process"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// noLinks is a file system without hard links, such as FAT.
type noLinks struct{ disk.FS }

func (noLinks) Link(from, to string) error {
	return &os.LinkError{Op: "link", Old: from, New: to, Err: os.ErrPermission}
}

func join(t testing.TB, fsys disk.FS, dir string, task Task) *Holder {
	t.Helper()
	h, err := Watch(fsys, dir, 0).Join("host", task)
	must(t, err)
	return h
}

func claim(t testing.TB, h *Holder, name string) bool {
	t.Helper()
	ok, _, err := h.Claim(name)
	must(t, err)
	return ok
}

func TestExclusive(t *testing.T) {
	for name, fsys := range map[string]disk.FS{"links": disk.OS, "no links": noLinks{disk.OS}} {
		dir := t.TempDir()
		var all sync.WaitGroup
		var won atomic.Int64
		const holders, names = 8, 50
		for range holders {
			h := join(t, fsys, dir, Task{})
			defer h.Close()
			all.Go(func() {
				for i := range names {
					ok, _, err := h.Claim(fmt.Sprint(i))
					if err != nil {
						t.Error(err)
					}
					if ok {
						won.Add(1)
					}
				}
			})
		}
		all.Wait()
		if won.Load() != names {
			t.Errorf("%s: %d claims won, want %d", name, won.Load(), names)
		}
	}
}

// A living holder keeps its lease for hours, and others see that it is alive.
func TestLiving(t *testing.T) {
	for name, fsys := range map[string]disk.FS{"links": disk.OS, "no links": noLinks{disk.OS}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				a, b := join(t, fsys, dir, Task{}), join(t, fsys, dir, Task{})
				// The lease stays with its living holder.
				if !claim(t, a, "x") || !a.Holds("x") {
					t.Fatal("a free lease was refused")
				}
				for range 200 {
					time.Sleep(time.Minute)
					if claim(t, b, "x") {
						t.Fatal("the lease of a living process was taken")
					}
				}
				if !b.Lives("x") {
					t.Error("the holder is not seen to live")
				}
				// The holder describes itself.
				a.Describe(func() string { return "at\nwork" })
				time.Sleep(time.Minute)
				if o, state, err := b.w.Look("x"); err != nil || state != Alive || o.Note != "at work" || time.Since(o.Renewed) > time.Minute || o.Process != process.Self() || o.Host != "host" {
					t.Errorf("it is seen as %+v, %v, %v", o, state, err)
				}
				// A released lease is free.
				a.Release("x")
				if !claim(t, b, "x") {
					t.Error("a released lease is not free")
				}
				a.Release("x") // no longer a's
				if claim(t, a, "x") || a.Holds("x") {
					t.Error("b's lease was released by a")
				}
				// Nothing is left.
				a.Close()
				b.Close()
				for _, folder := range []string{".", Workers, Folder} {
					entries, err := os.ReadDir(filepath.Join(dir, folder))
					must(t, err)
					for _, e := range entries {
						if !e.IsDir() {
							t.Errorf("%s is left", e.Name())
						}
					}
				}
			})
		})
	}
}

// foreign returns the owner of a record that another process wrote.
func foreign() Owner {
	return Owner{
		Name: "0123456789abcdef", Process: process.ID{Machine: "fedcba9876543210", Number: os.Getpid(), Start: process.Self().Start},
		Since: time.Now(), Host: "host", Renewed: time.Now(),
	}
}

// plant writes the record of an owner, and its lease, as links.
func plant(t testing.TB, dir string, o Owner, name string) {
	t.Helper()
	for _, folder := range []string{Workers, Folder} {
		must(t, os.MkdirAll(filepath.Join(dir, folder), 0o755))
	}
	record := filepath.Join(dir, Workers, o.Name)
	must(t, os.WriteFile(record, recordOf(&o, 1), 0o644))
	must(t, os.Link(record, filepath.Join(dir, name)))
}

// A dead holder's lease is taken over as soon as it is known to be dead, whatever the
// times of its files say.
func TestDead(t *testing.T) {
	if process.Self().Machine == "" {
		t.Skip("the system does not tell which processes are dead")
	}
	// Make holders that are dead for each of the possible reasons.
	const oldRecord = "0123456789abcdef 1111111111111111 7 1764000000 host - 0\n"
	text := func(text string) func(*testing.T, string, *Owner) {
		return func(t *testing.T, dir string, o *Owner) {
			must(t, os.MkdirAll(filepath.Join(dir, Workers), 0o755))
			must(t, os.WriteFile(filepath.Join(dir, "x"), []byte(text), 0o644))
			if text == oldRecord {
				must(t, os.WriteFile(filepath.Join(dir, Workers, o.Name), []byte(text), 0o644))
			}
		}
	}
	tests := map[string]struct {
		plant func(t *testing.T, dir string, o *Owner)
		after time.Duration // how long it was watched
	}{
		"its process ended here": {func(t *testing.T, dir string, o *Owner) {
			o.Process = process.Self()
			o.Process.Number = 1 << 30 // more than any system assigns
			plant(t, dir, *o, "x")
		}, 0},
		"an earlier process had its number": {func(t *testing.T, dir string, o *Owner) {
			o.Process = process.Self()
			o.Process.Start++
			plant(t, dir, *o, "x")
		}, 0},
		"this process holds it no more": {func(t *testing.T, dir string, o *Owner) {
			o.Process = process.Self()
			plant(t, dir, *o, "x")
		}, 0},
		"its record is gone": {func(t *testing.T, dir string, o *Owner) {
			plant(t, dir, *o, "x")
			must(t, os.Remove(filepath.Join(dir, Workers, o.Name)))
		}, 0},
		"it was started again": {func(t *testing.T, dir string, o *Owner) {
			o.Task = Task{"12_3", 0}
			plant(t, dir, *o, "x")
		}, 0},
		"it is silent elsewhere": {func(t *testing.T, dir string, o *Owner) { plant(t, dir, *o, "x") }, Period},
		"it is silent, nobody knows where": {func(t *testing.T, dir string, o *Owner) {
			o.Process.Machine = ""
			plant(t, dir, *o, "x")
		}, Period},
		"its record is damaged": {func(t *testing.T, dir string, o *Owner) {
			plant(t, dir, *o, "x")
			must(t, os.Remove(filepath.Join(dir, Workers, o.Name)))
			must(t, os.WriteFile(filepath.Join(dir, Workers, o.Name), []byte("\x00"), 0o644))
		}, Period},
		"the lease is empty":               {text(""), damagedPeriod},
		"the lease is cut":                 {text(oldRecord[:40]), damagedPeriod},
		"the lease is garbage":             {text("\x00\xff\n\n"), damagedPeriod},
		"the lease leads elsewhere":        {text("../../../etc/abc 11 7 1764000000 host - 0\n"), damagedPeriod},
		"a record of version 0.1.0":        {text(oldRecord), Period},
		"a lock of compaction under 0.1.0": {text("host 7 0123456789abcdef\n"), Period},
	}
	// Their leases must be taken over in time, whatever the times of the files.
	moved := map[string]time.Duration{"": 0, ", long ago": -10 * 365 * 24 * time.Hour, ", in the future": 10 * 365 * 24 * time.Hour}
	for name, tt := range tests {
		for when, shift := range moved {
			t.Run(name+when, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					dir := t.TempDir()
					o := foreign()
					tt.plant(t, dir, &o)
					stamp(t, dir, time.Now().Add(shift))
					h := join(t, disk.OS, dir, Task{"12_3", 1})
					defer h.Close()
					start := time.Now()
					var from *Owner
					for ok := false; !ok; {
						var err error
						if ok, from, err = h.Claim("x"); ok {
							break
						}
						must(t, err)
						if h.Lives("x") {
							t.Fatal("it is taken for alive")
						}
						time.Sleep(time.Second)
						if time.Since(start) > time.Hour {
							t.Fatal("it is not taken over")
						}
					}
					if waited := time.Since(start); waited < tt.after || waited > tt.after+2*time.Second {
						t.Errorf("taken over after %v, want %v", waited, tt.after)
					}
					if !h.Holds("x") {
						t.Error("it is not the taker's")
					}
					if want := name != "it was started again"; (from != nil) != want {
						t.Errorf("taken from %v", from)
					}
				})
			})
		}
	}
}

// stamp sets the time of every file.
func stamp(t testing.TB, dir string, when time.Time) {
	t.Helper()
	must(t, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err == nil {
			err = os.Chtimes(path, when, when)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil // a record was renewed meanwhile
		}
		return err
	}))
}

// A holder elsewhere that renews its record keeps its lease even if the times of its
// files stand still. One of version 0.1.0 renews only the time.
func TestLivingElsewhere(t *testing.T) {
	// Holders of each version renew their records in different ways.
	for name, renew := range map[string]func(t *testing.T, dir string, o Owner, i int){
		"this version": func(t *testing.T, dir string, o Owner, i int) {
			record := filepath.Join(dir, Workers, o.Name)
			must(t, os.WriteFile(record+"-", recordOf(&o, i), 0o644))
			must(t, os.Rename(record+"-", record))
			stamp(t, dir, time.Unix(0, 0))
		},
		"0.1.0": func(t *testing.T, dir string, o Owner, i int) {
			record := filepath.Join(dir, Workers, o.Name)
			const text = "0123456789abcdef 1111111111111111 7 1764000000 host - 0\n"
			if i == 2 {
				must(t, os.WriteFile(record, []byte(text), 0o644)) // the lease is a link to it
			}
			stamp(t, dir, time.Unix(int64(i), 0))
		},
		"a compaction of 0.1.0": func(t *testing.T, dir string, o Owner, i int) {
			if i == 2 {
				must(t, os.WriteFile(filepath.Join(dir, "x"), []byte("host 7 0123456789abcdef\n"), 0o644))
			}
			stamp(t, dir, time.Unix(int64(i), 0))
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := t.TempDir()
				o := foreign()
				plant(t, dir, o, "x")
				h := join(t, disk.OS, dir, Task{})
				defer h.Close()
				// No lease is taken while they do.
				for i := range 60 {
					renew(t, dir, o, i+2)
					if claim(t, h, "x") {
						t.Fatal("the lease of a living process was taken")
					}
					if got := h.Lives("x"); got != (i > 0) {
						t.Fatalf("after %d renewals it is seen to live: %v", i, got)
					}
					time.Sleep(time.Minute)
				}
			})
		})
	}
}

// If many take over one dead holder's lease, exactly one gets it.
func TestTakenOverOnce(t *testing.T) {
	for range 20 {
		dir := t.TempDir()
		o := foreign()
		plant(t, dir, o, "x")
		must(t, os.Remove(filepath.Join(dir, Workers, o.Name)))
		var all sync.WaitGroup
		var holders [8]*Holder
		for i := range holders {
			holders[i] = join(t, disk.OS, dir, Task{})
			all.Go(func() {
				if _, _, err := holders[i].Claim("x"); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		var have int
		for _, h := range holders {
			if h.Holds("x") {
				have++
			}
		}
		if have != 1 {
			t.Errorf("%d have it", have)
		}
		for _, h := range holders {
			h.Close()
		}
	}
}

// A lock that was taken over says so, and is not released under the new holder.
func TestLock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		fsys := &hung{FS: disk.OS}
		w := Watch(fsys, dir, 0)
		a, err := w.Lock("lock", 0)
		must(t, err)
		must(t, a.Held())
		start := time.Now()
		if _, err := w.Lock("lock", time.Minute); !errors.Is(err, ErrBusy) || time.Since(start) != time.Minute {
			t.Fatalf("a second lock, after %v: %v", time.Since(start), err)
		}
		fsys.hangs.Store(true) // its renewals do not arrive
		b, err := Watch(disk.OS, dir, 0).Lock("lock", time.Hour)
		must(t, err)
		if err := a.Held(); !errors.Is(err, ErrLost) {
			t.Errorf("the lock that was taken over: %v", err)
		}
		a.Release()
		must(t, b.Held())
		b.Release()
		c, err := Watch(disk.OS, dir, 0).Lock("lock", 0)
		must(t, err)
		c.Release()
	})
}

// hung is a file system in which, once it hangs, renaming does nothing.
type hung struct {
	disk.FS
	hangs atomic.Bool
}

func (h *hung) Rename(from, to string) error {
	if !h.hangs.Load() {
		return h.FS.Rename(from, to)
	}
	return &os.LinkError{Op: "rename", Old: from, New: to, Err: os.ErrDeadlineExceeded}
}

func TestRemoveTemps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		path := func(id string) string {
			return filepath.Join(dir, ".tmp-"+id+"-0011223344556677-runs.parquet")
		}
		dead := process.Self()
		dead.Number = 1 << 30
		own, known, elsewhere, old, growing := path(process.Self().String()), path(dead.String()), path("0123456789abcdef.1.1"), filepath.Join(dir, ".tmp-0011223344556677-x"), path("0123456789abcdef.2.1")
		for _, p := range []string{own, known, elsewhere, old, growing, filepath.Join(dir, "runs.parquet")} {
			must(t, os.WriteFile(p, nil, 0o644))
		}
		stamp(t, dir, time.Unix(0, 0)) // tells nothing
		w := Watch(disk.OS, dir, 0)
		left := func() (n int) {
			w.RemoveTemps(".", "missing")
			entries, err := os.ReadDir(dir)
			must(t, err)
			return len(entries)
		}
		if _, err := os.Stat(known); left() != 5 || err != nil {
			t.Errorf("of the dead process's file: %v", err)
		}
		if _, err := os.Stat(known); err == nil {
			t.Error("the file of a dead process stays")
		}
		for i := range 25 {
			time.Sleep(time.Minute)
			must(t, os.WriteFile(growing, make([]byte, i), 0o644))
			if n := left(); n != 5 && i < 19 || n != 3 && i > 20 {
				t.Errorf("%d files after %d minutes", n, i+1)
			}
		}
		for p, want := range map[string]bool{own: true, elsewhere: false, old: false, growing: true} {
			if _, err := os.Stat(p); (err == nil) != want {
				t.Errorf("%s: %v", p, err)
			}
		}
	})
}

func TestRemoveRecords(t *testing.T) {
	dir := t.TempDir()
	living, dead, elsewhere := foreign(), foreign(), foreign()
	living.Name, living.Process = "1111111111111111", process.ID{Machine: process.Self().Machine, Number: os.Getppid()}
	dead.Name, dead.Process = "2222222222222222", process.ID{Machine: process.Self().Machine, Number: 1 << 30}
	plant(t, dir, living, "a")
	plant(t, dir, dead, "b")
	plant(t, dir, elsewhere, "c")
	h := join(t, disk.OS, dir, Task{})
	defer h.Close()
	h.w.RemoveRecords()
	for name, want := range map[string]bool{living.Name: true, dead.Name: process.Self().Machine == "", elsewhere.Name: true, h.self.Name: true} {
		if _, err := os.Stat(filepath.Join(dir, Workers, name)); (err == nil) != want {
			t.Errorf("%s: %v", name, err)
		}
	}
}
