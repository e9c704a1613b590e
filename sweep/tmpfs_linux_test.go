package sweep

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"gfnbench/results"
)

// A real file system fills up and is then enlarged.
func TestTmpfsFillsUp(t *testing.T) {
	text := strings.NewReplacer("seeds = 2", "seeds = 300", "1ns", "0s").Replace(four)
	want := expect(t, text)
	dir := mountTmpfs(t, "size=40k")
	out := filepath.Join(dir, "results")
	_, err := Run(context.Background(), load(t, text, out, Selection{}), Options{Workers: 2})
	if !errors.Is(err, unix.ENOSPC) || !strings.Contains(err.Error(), "free some space") {
		t.Fatalf("%v, want a full disk", err)
	}
	must(t, unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT, "size=16m"))
	s := run(t, text, out, Selection{}, Options{Workers: 2})
	if s.Digest != want || s.Statuses[results.Done] != 600 {
		t.Errorf("digest %s with %v, want %s", s.Digest, s.Statuses, want)
	}
}

// mountTmpfs mounts a new file system for the test, or skips the test if that is not
// allowed.
func mountTmpfs(t *testing.T, options string) string {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("no tmpfs can be mounted here: %v", err)
	}
	t.Cleanup(func() { must(t, unix.Unmount(dir, unix.MNT_DETACH)) })
	return dir
}

// A finished sweep can be read from a read-only file system; an unfinished one is
// rejected.
func TestReadOnlyFileSystem(t *testing.T) {
	dir := mountTmpfs(t, "size=1m")
	out := filepath.Join(dir, "results")
	want := run(t, four, out, Selection{}, Options{}).Digest
	must(t, unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""))
	if s := run(t, four, out, Selection{}, Options{}); s.Digest != want || s.Cached != 4 {
		t.Errorf("digest %s of %d cells, want %s", s.Digest, s.Cached, want)
	}
	_, err := Run(context.Background(), load(t, four, out, Selection{Set: []string{"seeds=3"}}), Options{})
	if !errors.Is(err, unix.EROFS) || !strings.Contains(err.Error(), out) {
		t.Errorf("%v, want a refusal that names the directory", err)
	}
}
