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

// A real file system fills up, and is then made larger.
func TestTmpfsFillsUp(t *testing.T) {
	text := strings.NewReplacer("seeds = 2", "seeds = 300", "1ns", "0s").Replace(four)
	want := expect(t, text)
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=40k"); err != nil {
		t.Skipf("no tmpfs can be mounted here: %v", err)
	}
	defer func() { must(t, unix.Unmount(dir, unix.MNT_DETACH)) }()
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
