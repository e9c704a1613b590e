package sweep

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"gfnbench/gfn"
	"gfnbench/gfn/metric"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
)

// liveDir is the folder of a sweep directory in which each process publishes the
// evaluations of the cells that it is training, for whoever watches: a file that is
// replaced at most once a second, and not made durable. Nothing else reads it.
const liveDir = "live"

const (
	liveEvery  = time.Second // between two looks
	livePoints = 200         // most evaluations of a cell in the file, evenly spread
)

// A LiveCell is a cell that a process is training, or was when it stopped.
type LiveCell struct {
	Cell   string      `json:"cell"`   // its id
	Steps  int64       `json:"steps"`  // gradient steps of the whole run
	Step   int64       `json:"step"`   // taken so far
	Points []LivePoint `json:"points"` // evaluations so far
}

// A LivePoint is an evaluation of a cell that is being trained.
type LivePoint struct {
	Step    int64              `json:"step"`    // gradient steps taken before it
	Metrics map[string]float64 `json:"metrics"` // those that are finite, by name
}

// snapshot returns the attempt as others see it.
func (a *attempt) snapshot() LiveCell {
	a.mu.Lock()
	defer a.mu.Unlock()
	c := LiveCell{Cell: a.cell.ID, Steps: int64(a.cell.Value("steps").Int()), Step: a.step.Load(), Points: []LivePoint{}}
	stride := max(1, (len(a.rows)+livePoints-1)/livePoints)
	for i := range a.rows {
		if i%stride == 0 || i == len(a.rows)-1 {
			c.Points = append(c.Points, livePoint(&a.rows[i]))
		}
	}
	return c
}

func livePoint(row *gfn.Row) LivePoint {
	p := LivePoint{Step: int64(row.Step), Metrics: map[string]float64{}}
	for m, e := range row.Metrics {
		if e.Present && !math.IsNaN(e.Value) && !math.IsInf(e.Value, 0) {
			p.Metrics[metric.Metric(m).String()] = e.Value
		}
	}
	return p
}

// live returns the cells that are being trained.
func (p *Progress) live() (list []LiveCell) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for a := range p.trained {
		list = append(list, a.snapshot())
	}
	return list
}

// A publisher writes what a process is training.
type publisher struct {
	fsys     disk.FS
	path     string
	progress *Progress
	stop     chan struct{}
	over     sync.WaitGroup
	last     string
}

// publish begins to write what the process of that name is training.
func (s *setting) publish(name string) *publisher {
	p := &publisher{fsys: s.options.FS, path: filepath.Join(s.plan.Dir, liveDir, name), progress: s.progress, stop: make(chan struct{})}
	p.over.Go(func() { lease.Repeat(liveEvery, p.stop, p.write) })
	return p
}

// write replaces the file if there is something new. What cannot be written is not
// worth an error: it is for watching alone.
func (p *publisher) write() {
	cells := p.progress.live()
	text, err := json.Marshal(cells)
	if err != nil || len(cells) == 0 || string(text) == p.last {
		return
	}
	if err := p.fsys.Mkdir(filepath.Dir(p.path)); err != nil && !errors.Is(err, fs.ErrExist) {
		return
	}
	temp := disk.TempPath(p.path)
	f, err := p.fsys.Create(temp)
	if err != nil {
		return
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err == nil {
		err = p.fsys.Rename(temp, p.path)
	}
	if err != nil {
		_ = p.fsys.Remove(temp)
		return
	}
	p.last = string(text)
}

// end stops, and leaves the file where cells were interrupted.
func (p *publisher) end(interrupted bool) {
	close(p.stop)
	p.over.Wait()
	if !interrupted && p.last != "" {
		_ = p.fsys.Remove(p.path)               // at worst it stays
		_ = p.fsys.Remove(filepath.Dir(p.path)) // unless others are in it
	}
}

// tidyLive removes what processes published that are no more.
func (s *setting) tidyLive() {
	entries, _ := s.options.FS.ReadDir(filepath.Join(s.plan.Dir, liveDir)) // there may be none
	for _, e := range entries {
		if _, err := s.options.FS.Stat(filepath.Join(s.plan.Dir, lease.Workers, e.Name())); errors.Is(err, fs.ErrNotExist) && !disk.IsTemp(e.Name()) {
			_ = s.options.FS.Remove(filepath.Join(s.plan.Dir, liveDir, e.Name())) // at worst it stays
		}
	}
}

// ReadLive returns the cells that processes are training in a sweep directory, or were
// when they stopped, by id; of several, the furthest. Files that cannot be read are left
// out: nothing depends on them.
func ReadLive(dir string) (map[string]LiveCell, error) {
	folder := filepath.Join(dir, liveDir)
	entries, err := disk.OS.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("what is being trained: %w", err)
	}
	found := map[string]LiveCell{}
	for _, e := range entries {
		if disk.IsTemp(e.Name()) || strings.HasPrefix(e.Name(), ".") {
			continue
		}
		b, err := disk.Read(disk.OS, filepath.Join(folder, e.Name()))
		var list []LiveCell
		if err != nil || json.Unmarshal(b, &list) != nil {
			continue
		}
		for _, c := range list {
			if old, ok := found[c.Cell]; !ok || c.Step >= old.Step {
				found[c.Cell] = c
			}
		}
	}
	return found, nil
}
