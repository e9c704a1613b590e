//go:build unix

package trainertest

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"gfnbench/trainer"
)

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
			// It is killed only where it did not begin from a save.
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
		case "out of order":
			_ = trainer.Write(os.Stdout, message, 1, nil)
		}
	}
}

// spoil puts faults into log-probabilities.
func (t *tabular) spoil(log []float64) []float64 {
	switch {
	case t.has("nan"):
		log[0] = math.NaN()
	case t.has("sum"):
		for a := range log {
			log[a] += 0.01
		}
	case t.has("an ε left in log p_F"):
		legal := 0
		for _, x := range log {
			if !math.IsInf(x, -1) {
				legal++
			}
		}
		for a, x := range log {
			if !math.IsInf(x, -1) {
				log[a] = math.Log(0.9*math.Exp(x) + 0.1/float64(legal))
			}
		}
	case t.has("a temperature"):
		sum := 0.0
		for a := range log {
			log[a] *= 0.8
			sum += math.Exp(log[a])
		}
		for a := range log {
			log[a] -= math.Log(sum)
		}
	}
	return log
}
