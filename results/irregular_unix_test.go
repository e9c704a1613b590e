//go:build unix

package results

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gfnbench/results/disk"
	"gfnbench/usage"
)

// TestPipesAndDevicesAreRefused: anything that would block or never end is rejected at
// once, by name, and mended.
func TestPipesAndDevicesAreRefused(t *testing.T) {
	t.Parallel()
	dir, files := damageable(t)
	kinds := map[string]func(path string) error{
		"pipe":      func(path string) error { return syscall.Mkfifo(path, 0o644) },
		"device":    func(path string) error { return os.Symlink("/dev/zero", path) },
		"directory": func(path string) error { return os.Mkdir(path, 0o755) },
		"socket": func(path string) error {
			l, err := net.Listen("unix", path)
			if err == nil {
				l.(*net.UnixListener).SetUnlinkOnClose(false)
				err = l.Close()
			}
			return err
		},
	}
	// Replace each file by each kind.
	for _, file := range files {
		for kind, replace := range kinds {
			good, err := os.ReadFile(file)
			must(t, err)
			must(t, os.Remove(file))
			if err := replace(file); err != nil {
				t.Logf("no %s: %v", kind, err) // for example, a path too long for a socket
				must(t, os.WriteFile(file, good, 0o644))
				continue
			}
			refused(t, kind, dir, file)
			if _, err := Read(dir); !errors.Is(err, disk.ErrIrregular) {
				t.Errorf("%s: %v", kind, err)
			}
			must(t, os.Remove(file))
			must(t, os.WriteFile(file, good, 0o644))
		}
	}
	// Mend a directory with a pipe.
	must(t, os.Remove(files[0]))
	must(t, syscall.Mkfifo(files[0], 0o644))
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	m, err := d.Mend()
	if err != nil || len(m.Wrong) == 0 {
		t.Fatalf("mending %s: %v, %v", filepath.Base(files[0]), m, err)
	}
	if _, err := Read(dir); err != nil {
		t.Errorf("mended: %v", err)
	}
	// Read other files that are pipes.
	for _, name := range []string{suiteFile, lockFile} {
		path := filepath.Join(dir, name)
		must(t, syscall.Mkfifo(path, 0o644))
		if _, err := disk.Read(disk.OS, path); !errors.Is(err, disk.ErrIrregular) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := d.locked(0, d.compact); !errors.Is(err, disk.ErrIrregular) {
		t.Errorf("a pipe as lock: %v", err)
	}
}

// A folder that is a link is not written through: what is in it may be anything, and
// a compaction and mending move and remove files.
func TestLinkedFolders(t *testing.T) {
	elsewhere := t.TempDir()
	precious := filepath.Join(elsewhere, "precious")
	must(t, os.WriteFile(precious, []byte("x"), 0o644))
	for _, folder := range []string{journalDir, conflictsDir, damagedDir} {
		dir := t.TempDir()
		base(t, dir)
		must(t, os.RemoveAll(filepath.Join(dir, folder)))
		must(t, os.Symlink(elsewhere, filepath.Join(dir, folder)))
		_, err := Create(dir, Options{})
		if err == nil || !strings.Contains(err.Error(), usage.QuotePath(filepath.Join(dir, folder))+" is a symbolic link") {
			t.Errorf("%s: %v", folder, err)
		}
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}
