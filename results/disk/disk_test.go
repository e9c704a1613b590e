package disk

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"gfnbench/results/process"
)

func write(content []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		for _, b := range content { // the smallest possible writes
			if _, err := w.Write([]byte{b}); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestWriteFileOrder(t *testing.T) {
	f := &Faulty{FS: OS}
	path := filepath.Join(t.TempDir(), "x")
	if err := WriteFile(f, path, write([]byte("abc"))); err != nil {
		t.Fatal(err)
	}
	got := regexp.MustCompile(`tmp-[0-9a-z.]+-[0-9a-f]{16}-`).ReplaceAllString(strings.Join(f.Log(), "\n"), "tmp-")
	got = strings.ReplaceAll(got, filepath.Base(filepath.Dir(path)), "DIR")
	want := "create .tmp-x\nwrite .tmp-x\nsync .tmp-x\nclose .tmp-x\nrename x\nsyncdir DIR"
	if got != want {
		t.Errorf("operations:\n%s\nwant:\n%s", got, want)
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o644); err != nil { // less what the umask takes
		t.Fatal(err)
	}
	ours, err := os.Stat(path)
	other, plainErr := os.Stat(plain)
	if err != nil || plainErr != nil || ours.Mode() != other.Mode() {
		t.Errorf("mode %v, %v, want %v, %v", ours.Mode(), err, other.Mode(), plainErr)
	}
}

// A temporary file's name tells who is writing it, and is no longer than file systems
// allow.
func TestTempPath(t *testing.T) {
	for _, target := range []string{"/d/x", "runs.parquet", "/d/" + strings.Repeat("a", 251) + ".csv"} {
		path := TempPath(target)
		name := filepath.Base(path)
		writer, ok := TempWriter(name)
		if !ok || writer != process.Self() || !IsTemp(name) || len(name) > 255 || filepath.Dir(path) != filepath.Dir(target) {
			t.Errorf("%s: %s of %v", target, path, writer)
		}
		if base := filepath.Base(target); !strings.HasSuffix(name, base[max(0, len(base)-20):]) || path == TempPath(target) {
			t.Errorf("%s: %s", target, path)
		}
	}
	for _, name := range []string{".tmp-0011223344556677-x", ".tmp-", "x", ""} {
		if writer, ok := TempWriter(name); ok {
			t.Errorf("%q is a file of %v", name, writer)
		}
	}
}

// Whatever fails, the file has its old content or its new one, the error names
// it, and nothing is left behind.
func TestWriteFileFaults(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "x")
	before, after := []byte("before"), []byte("and after")
	check := func(what string, err error) (replaced bool) {
		t.Helper()
		got, rerr := os.ReadFile(path)
		if rerr != nil {
			t.Fatal(rerr)
		}
		if !bytes.Equal(got, before) && !bytes.Equal(got, after) {
			t.Errorf("%s: the file is %q", what, got)
		}
		if err == nil && !bytes.Equal(got, after) {
			t.Errorf("%s: no error, but the file is %q", what, got)
		}
		if err != nil && !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: %v does not name the file", what, err)
		}
		if entries, _ := os.ReadDir(dir); len(entries) != 1 {
			t.Errorf("%s: %v is left", what, entries)
		}
		return bytes.Equal(got, after)
	}
	reset := func() {
		if err := os.WriteFile(path, before, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	// Fail at each operation.
	for op := 1; op <= 6; op++ {
		reset()
		err := WriteFile(&Faulty{FS: OS, FailAt: op}, path, write(after))
		if err == nil {
			t.Errorf("operation %d failed unnoticed", op)
		}
		if replaced := check("operation", err); replaced != (op == 6) {
			t.Errorf("operation %d: replaced: %v", op, replaced)
		}
	}
	// Run out of space.
	for space := int64(1); space < int64(len(after)); space++ {
		reset()
		err := WriteFile(&Faulty{FS: OS, Space: space}, path, write(after))
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "free some space") {
			t.Errorf("after %d bytes: %v", space, err)
		}
		if check("space", err) {
			t.Errorf("after %d bytes: replaced", space)
		}
	}
}

func TestMkdirAll(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b", "c")
	for range 2 {
		if err := MkdirAll(OS, path); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(path, "f")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := MkdirAll(OS, file); !errors.Is(err, syscall.ENOTDIR) {
		t.Errorf("over a file: %v", err)
	}
}
