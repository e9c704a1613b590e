package reportcmd

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// TestWriteFile: a file is replaced as a whole, with its mode and through a link, and is
// unchanged if writing fails.
func TestWriteFile(t *testing.T) {
	dir := t.TempDir()
	path, link := filepath.Join(dir, "t.md"), filepath.Join(dir, "link.md")
	text := func(s string) func(io.Writer) error {
		return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
	}
	check := func(what, want string, mode os.FileMode) {
		t.Helper()
		got, err := os.ReadFile(path)
		if err != nil || string(got) != want {
			t.Errorf("%s: the file is %q, %v; want %q", what, got, err, want)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode {
			t.Errorf("%s: mode %v, %v", what, info.Mode(), err)
		}
		if info, err := os.Lstat(link); err == nil && info.Mode().Type() != os.ModeSymlink {
			t.Errorf("%s: the link is one no more", what)
		}
	}
	// A new file has the mode that the umask requires.
	if err := writeFile(path, text("one")); err != nil {
		t.Fatal(err)
	}
	plain := filepath.Join(t.TempDir(), "plain")
	if err := os.WriteFile(plain, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(plain) // as the umask requires
	if err != nil {
		t.Fatal(err)
	}
	check("new", "one", info.Mode().Perm())
	// A failed write changes nothing.
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	broken := errors.New("broken")
	err = writeFile(path, func(w io.Writer) error {
		_, _ = io.WriteString(w, "half")
		return broken
	})
	if !errors.Is(err, broken) {
		t.Errorf("the error is %v", err)
	}
	check("failed", "one", 0o600)
	// Links stay, and their targets are written.
	if err := os.Symlink("t.md", link); err != nil {
		t.Skip(err)
	}
	if err := writeFile(link, text("two")); err != nil {
		t.Fatal(err)
	}
	check("through a link", "two", 0o600)
	if entries, _ := os.ReadDir(dir); len(entries) != 2 {
		t.Errorf("%v is left", entries)
	}
	dangling, target := filepath.Join(dir, "dangling.md"), filepath.Join(dir, "new.md")
	if err := os.Symlink("new.md", dangling); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(dangling, text("three")); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(target); err != nil || string(got) != "three" {
		t.Errorf("through a dangling link: %q, %v", got, err)
	}
	// A protected file stays.
	if os.Getuid() == 0 {
		return // root may write everything
	}
	if err := os.Chmod(path, 0o400); err != nil {
		t.Fatal(err)
	}
	if err := writeFile(path, text("three")); !errors.Is(err, os.ErrPermission) {
		t.Errorf("of a file that may not be written: %v", err)
	}
	check("protected", "two", 0o400)
}
