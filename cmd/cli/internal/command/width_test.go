//go:build linux

package command

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestOutputWidth: a terminal has a width, which COLUMNS overrides; files and buffers
// have none, whatever COLUMNS says.
func TestOutputWidth(t *testing.T) {
	terminal, _ := openTerminal(t, 72)
	file, err := os.Create(t.TempDir() + "/f")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for columns, want := range map[string]int{"": 72, "60": 60, "0": 72, "-3": 72, "wide": 72} {
		t.Setenv("COLUMNS", columns)
		if got := OutputWidth(terminal); got != want {
			t.Errorf("COLUMNS=%q: %d, want %d", columns, got, want)
		}
		if got := OutputWidth(file); got != 0 {
			t.Errorf("COLUMNS=%q: a file is %d wide", columns, got)
		}
		if got := OutputWidth(&bytes.Buffer{}); got != 0 {
			t.Errorf("COLUMNS=%q: a buffer is %d wide", columns, got)
		}
	}
}

// TestControlCharactersReachNoTerminal: control characters in a title, a message or a
// suite of an earlier version are shown and not obeyed on a terminal, and written
// unchanged to a file.
func TestControlCharactersReachNoTerminal(t *testing.T) {
	const message, want = "loss \x1b[2J\u009b1m\x07 is\tNaN\n", `loss \u001b[2J\u009b1m\u0007 is`
	terminal, master := openTerminal(t, 80)
	for name, w := range map[string]io.Writer{"output": NewStdout(terminal), "error": NewStderr(terminal)} {
		if _, err := io.WriteString(w, message); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 1<<10)
		n, err := master.Read(b)
		if err != nil || !strings.HasPrefix(string(b[:n]), want) || bytes.ContainsAny(b[:n], "\x1b\x07\x9b") {
			t.Errorf("standard %s shows %q, %v", name, b[:n], err)
		}
	}
	path := t.TempDir() + "/f"
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if _, err := io.WriteString(NewStdout(file), message); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != message {
		t.Errorf("a file has %q, %v", got, err)
	}
}

// openTerminal returns a terminal with the given number of columns, and its other side.
func openTerminal(t *testing.T, columns uint16) (terminal, master *os.File) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	terminal, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { terminal.Close() })
	if err := unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	return terminal, master
}
