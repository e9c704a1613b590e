package trainer

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// withParent makes the program end with the harness, however the harness ends.
func withParent(a *syscall.SysProcAttr) { a.Pdeathsig = syscall.SIGKILL }

// marked returns the ids of the processes that have the mark in their environment.
func marked(mark string) (list []int) {
	word := []byte(markName + "=" + mark)
	paths, _ := filepath.Glob("/proc/[0-9]*/environ") // the pattern is valid
	for _, path := range paths {
		pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
		text, readErr := os.ReadFile(path)
		if err == nil && readErr == nil && bytes.Contains(text, word) {
			list = append(list, pid)
		}
	}
	return list
}
