//go:build linux

package command

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"golang.org/x/sys/unix"
)

// TestOutputWidth: a terminal has a width, which COLUMNS overrides; a file and a
// buffer have none, whatever COLUMNS says.
func TestOutputWidth(t *testing.T) {
	terminal := openTerminal(t, 72)
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

// openTerminal is a terminal of that many columns.
func openTerminal(t *testing.T, columns uint16) *os.File {
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
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skipf("no terminals here: %v", err)
	}
	t.Cleanup(func() { terminal.Close() })
	if err := unix.IoctlSetWinsize(int(terminal.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 24, Col: columns}); err != nil {
		t.Fatal(err)
	}
	return terminal
}
