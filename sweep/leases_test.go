package sweep

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"gfnbench/results/disk"
)

func writeFile(path, text string) error { return os.WriteFile(path, []byte(text), 0o644) }

// noLinks is a file system without hard links, as FAT is.
type noLinks struct{ disk.FS }

func (noLinks) Link(from, to string) error {
	return &os.LinkError{Op: "link", Old: from, New: to, Err: os.ErrPermission}
}

func TestLeaseIsExclusive(t *testing.T) {
	for name, fsys := range map[string]disk.FS{"links": disk.OS, "no links": noLinks{disk.OS}} {
		dir := t.TempDir()
		var all sync.WaitGroup
		var won atomic.Int64
		const processes, names = 8, 50
		for range processes {
			l, err := newLeases(fsys, dir, "host", Task{}, 0)
			must(t, err)
			defer l.close()
			all.Go(func() {
				for i := range names {
					ok, err := l.claim(string(rune('a'+i%26)) + string(rune('a'+i/26)))
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

func TestLeaseOfALivingProcess(t *testing.T) {
	dir := t.TempDir()
	a, err := newLeases(disk.OS, dir, "a", Task{}, 80*time.Millisecond)
	must(t, err)
	b, err := newLeases(disk.OS, dir, "b", Task{}, 80*time.Millisecond)
	must(t, err)
	defer b.close()
	if ok, err := a.claim("x"); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for range 20 { // much longer than a silent process is waited for
		if ok, err := b.claim("x"); ok || err != nil {
			t.Fatalf("the lease of a living process was taken: %v, %v", ok, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
	a.release("x")
	if ok, err := b.claim("x"); !ok || err != nil {
		t.Errorf("a released lease is not free: %v, %v", ok, err)
	}
	a.release("x") // not a's any more
	if ok, err := a.claim("x"); ok || err != nil {
		t.Errorf("b's lease was released by a: %v, %v", ok, err)
	}
	a.close()
}

func TestLeaseOfADeadProcess(t *testing.T) {
	child := exec.Command("true")
	must(t, child.Run()) // its number is free again
	for name, change := range map[string]func(o *owner, dir string){
		"dead on this host": func(o *owner, dir string) { o.pid = child.Process.Pid },
		"silent elsewhere":  func(o *owner, dir string) { o.machine = "elsewhere" },
		"ended without trace": func(o *owner, dir string) {
			o.machine = "elsewhere"
			_ = os.Remove(filepath.Join(dir, workersDir, o.name))
		},
	} {
		dir := t.TempDir()
		l, err := newLeases(disk.OS, dir, "me", Task{}, 50*time.Millisecond)
		must(t, err)
		o := owner{name: "0123456789abcdef", machine: l.me.machine, pid: os.Getpid(), since: time.Now().Unix(), host: "h"}
		must(t, writeFile(filepath.Join(dir, workersDir, o.name), o.String()))
		change(&o, dir)
		must(t, writeFile(filepath.Join(dir, leasesDir, "x"), o.String()))
		start := time.Now()
		for {
			ok, err := l.claim("x")
			must(t, err)
			if ok {
				break
			}
			if time.Since(start) > 5*time.Second {
				t.Errorf("%s: the lease was not taken over", name)
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		if waited := time.Since(start); name == "silent elsewhere" && waited < 50*time.Millisecond {
			t.Errorf("%s: taken over after %v", name, waited)
		}
		l.release("x")
		l.close()
	}
}

func TestOthers(t *testing.T) {
	dir := t.TempDir()
	a, err := newLeases(disk.OS, dir, "a", Task{}, 0)
	must(t, err)
	defer a.close()
	a.others()
	time.Sleep(20 * time.Millisecond) // file systems' clocks are coarse
	if a.others() {
		t.Error("others, where there are none")
	}
	b, err := newLeases(disk.OS, dir, "b", Task{}, 0)
	must(t, err)
	if !a.others() {
		t.Error("no others, where there is one")
	}
	b.close()
	if !a.others() {
		t.Error("no others, where there was one")
	}
	time.Sleep(20 * time.Millisecond)
	if a.others() {
		t.Error("others, where they are gone")
	}
}
