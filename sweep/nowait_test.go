package sweep

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"gfnbench/results/lease"
)

// elsewhere leases the plan's first block to a process of version 0.1.0 on another host,
// and returns its record.
func elsewhere(t *testing.T, p *Plan) (record string) {
	t.Helper()
	const name = "0123456789abcdef"
	for _, folder := range []string{lease.Folder, lease.Workers} {
		must(t, os.MkdirAll(filepath.Join(p.Dir, folder), 0o755))
	}
	record = filepath.Join(p.Dir, lease.Workers, name)
	must(t, os.WriteFile(record, []byte(name+" 00112233aabbccdd 1 1764000000 h - 0\n"), 0o644))
	must(t, os.Link(record, filepath.Join(p.Dir, p.blocks[0].lease())))
	return record
}

// Even without waiting, a run takes over the cells of a process that died on another
// host, because no other run may come.
func TestNoWaitTakesOverTheDead(t *testing.T) {
	p := load(t, tiny, filepath.Join(t.TempDir(), "dead"), Selection{})
	elsewhere(t, p)
	s, err := Run(context.Background(), p, Options{NoWait: true, Silence: 300 * time.Millisecond})
	must(t, err)
	if s.Statuses["done"] != len(p.Cells) {
		t.Errorf("%v of %d cells", s.Statuses, len(p.Cells))
	}
}

// It leaves the cells of a living process as soon as it has seen a sign of life.
func TestNoWaitLeavesTheLiving(t *testing.T) {
	p := load(t, tiny, filepath.Join(t.TempDir(), "living"), Selection{})
	record := elsewhere(t, p)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-stop:
				return
			case now := <-time.After(20 * time.Millisecond):
				if err := os.Chtimes(record, now, now); err != nil {
					t.Error(err)
				}
			}
		}
	}()
	start := time.Now()
	s, err := Run(context.Background(), p, Options{NoWait: true, Silence: time.Hour})
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
