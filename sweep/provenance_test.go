package sweep

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gfnbench/results"
)

func TestProvenance(t *testing.T) {
	dir := t.TempDir()
	run(t, four, dir, Selection{}, Options{Command: "sweep run four.toml"})
	set, err := results.Read(dir)
	must(t, err)
	p := set.Provenance
	for key, want := range map[string]string{
		"program": "gfnbench", "command": "sweep run four.toml", "host": hostname(), "suite_sha256": fmt.Sprintf("%x", sha256.Sum256([]byte(four))),
	} {
		if got := p.Get(key); got != want {
			t.Errorf("%s is %q, want %q", key, got, want)
		}
	}
	for _, key := range []string{"revision", "go", "os", "cpu", "cpus", "simd", "user"} {
		if p.Get(key) == "" {
			t.Errorf("%s is missing", key)
		}
	}
	start, err1 := time.Parse(time.RFC3339, p.Get("start"))
	end, err2 := time.Parse(time.RFC3339, p.Get("end"))
	if err1 != nil || err2 != nil || end.Before(start) || time.Since(start) > time.Hour {
		t.Errorf("start %q, end %q", p.Get("start"), p.Get("end"))
	}
	r := set.Runs[0].Timing
	if r.Host != hostname() || r.CPU == "" || r.SIMD == "" || r.Go == "" || r.Revision == "" || r.Wall <= 0 || r.Rate <= 0 || r.End.Before(r.Start) {
		t.Errorf("timing is %+v", r)
	}
}

func TestAnonymous(t *testing.T) {
	dir := t.TempDir()
	run(t, four, dir, Selection{}, Options{Anonymous: true})
	set, err := results.Read(dir)
	must(t, err)
	for _, key := range []string{"host", "user"} {
		if v := set.Provenance.Get(key); v != "" {
			t.Errorf("%s is %q", key, v)
		}
	}
	for i := range set.Runs {
		if h := set.Runs[i].Timing.Host; h != "" {
			t.Errorf("a cell's host is %q", h)
		}
	}
	if len(hostname()) < 4 {
		return // the name is too short to look for in binary files
	}
	must(t, filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if strings.Contains(string(b), hostname()) {
			t.Errorf("%s names the host", path)
		}
		return err
	}))
}
