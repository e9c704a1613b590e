//go:build unix

package trainertest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"gfnbench/trainer"
)

// scribble ends the program where it has a file on a disk open that is not its own, and
// writes under the names of a sweep's files where it runs.
func scribble() {
	links, _ := filepath.Glob("/proc/self/fd/*") // the pattern is valid; elsewhere there are none
	for _, link := range links {
		to, err := os.Readlink(link)
		if info, statErr := os.Stat(link); err == nil && statErr == nil && info.Mode().IsRegular() && strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "/sys/") {
			fmt.Fprintln(os.Stderr, "inherited", to)
			os.Exit(9)
		}
	}
	for _, name := range []string{"suite.toml", "runs.parquet", "curves.parquet", "timing.parquet", "inputs.sha256", "journal/0", "leases/0", "../runs.parquet"} {
		_ = os.MkdirAll(filepath.Dir(name), 0o755)
		_ = os.WriteFile(name, []byte("rubbish"), 0o644)
	}
}

// misbehave does what faults of the process do when it is to train or, with the
// prefix "late", from the second such message on.
func (t *tabular) misbehave(message string) {
	if message != trainer.MessageTrain {
		return
	}
	for _, fault := range t.faults {
		late := strings.HasPrefix(fault, "late ")
		if late && t.run.Step < 20 {
			continue
		}
		switch strings.TrimPrefix(fault, "late ") {
		case "hang":
			time.Sleep(time.Hour)
		case "death":
			os.Exit(7)
		case "kill":
			_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		case "kill once":
			// Kill it only if it did not start from a save.
			if f, err := os.OpenFile(os.Getenv("GFNBENCH_TEST_ONCE"), os.O_CREATE|os.O_EXCL, 0o600); err == nil {
				_ = f.Close()
				_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
			}
		case "rubbish":
			fmt.Println("loss 0.3")
		case "gigabytes":
			for {
				if _, err := os.Stdout.WriteString(strings.Repeat("\x00", 1<<20)); err != nil {
					os.Exit(1)
				}
			}
		case "fork":
			c := exec.Command("sleep", "1000")
			_ = c.Start()
		case "writes to its parent's files":
			scribble()
		case "out of order":
			_ = trainer.Write(os.Stdout, message, 1, nil)
		}
	}
}
