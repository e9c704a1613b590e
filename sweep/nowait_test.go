package sweep

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// elsewhere leases the plan's first block to a process of another host, whose
// file in workers/ it returns.
func elsewhere(t *testing.T, p *Plan) (worker string) {
	t.Helper()
	o := owner{name: "0123456789abcdef", machine: "elsewhere", pid: 1, since: 1, host: "h"}
	for _, folder := range []string{leasesDir, workersDir} {
		must(t, os.MkdirAll(filepath.Join(p.Dir, folder), 0o755))
	}
	worker = filepath.Join(p.Dir, workersDir, o.name)
	must(t, writeFile(worker, o.String()))
	must(t, os.Link(worker, filepath.Join(p.Dir, leasesDir, p.blocks[0].name)))
	return worker
}

// Without waiting, too, a run takes over the cells of a process that died on
// another host: nobody else may come after it.
func TestNoWaitTakesOverTheDead(t *testing.T) {
	p := load(t, tiny, filepath.Join(t.TempDir(), "dead"), Selection{})
	elsewhere(t, p)
	s, err := Run(context.Background(), p, Options{NoWait: true, StaleAfter: 300 * time.Millisecond})
	must(t, err)
	if s.Statuses["done"] != len(p.Cells) {
		t.Errorf("%v of %d cells", s.Statuses, len(p.Cells))
	}
}

// It leaves the cells of a living process, as soon as it saw a sign of life.
func TestNoWaitLeavesTheLiving(t *testing.T) {
	p := load(t, tiny, filepath.Join(t.TempDir(), "living"), Selection{})
	worker := elsewhere(t, p)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case now := <-time.After(20 * time.Millisecond):
				if err := os.Chtimes(worker, now, now); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	start := time.Now()
	s, err := Run(context.Background(), p, Options{NoWait: true, StaleAfter: time.Hour})
	close(stop)
	<-stopped
	must(t, err)
	if want := len(p.Cells) - len(p.blocks[0].cells); s.Statuses["done"] != want {
		t.Errorf("%v, want %d done", s.Statuses, want)
	}
	if waited := time.Since(start); waited > time.Minute {
		t.Errorf("it waited %v", waited)
	}
}
