package sweep

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gfnbench/results"
)

// TestPrunedByVersion010 reads a sweep in which version 0.1.0 pruned 12 of 16 cells, 8 at
// rung 4 and 4 at rung 8. The digest is the one that it printed. Running the directory
// again trains them to their end; with [tune] it gives the same as a new one.
func TestPrunedByVersion010(t *testing.T) {
	const digest = "ed43c018c4e1e823a2896dec3be9c2ed25a0a9b044c7f4eed2bc9a97fa6417ce"
	old := os.DirFS(filepath.Join("testdata", "pruned-0.1.0"))
	text, err := os.ReadFile(filepath.Join("testdata", "pruned-0.1.0", "suite.toml"))
	must(t, err)
	plain, _, _ := strings.Cut(string(text), "[prune]")

	dir := t.TempDir()
	must(t, os.CopyFS(dir, old))
	p, err := Load(dir, "", Selection{})
	must(t, err)
	s, err := Summarize(p)
	must(t, err)
	if s.Digest != digest || s.Statuses[results.Pruned] != 12 || s.Statuses[results.Done] != 4 {
		t.Errorf("digest %s, want %s; %v", s.Digest, digest, s.Statuses)
	}
	s, err = Run(context.Background(), p, Options{Workers: 2})
	must(t, err)
	if want := expect(t, plain); s.Statuses[results.Done] != 16 || s.Digest != want {
		t.Errorf("run again: %v, digest %s, want %s", s.Statuses, s.Digest, want)
	}

	tuned := strings.Replace(plain, "seeds      = 2", "seeds      = [2, 3]", 1) + "[tune]\nmetric = \"l1\"\nseeds = [0, 1]\nhalving = { eta = 2, rungs = [4, 8] }\n"
	dir = t.TempDir()
	must(t, os.CopyFS(dir, old))
	s = replace(t, tuned, dir)
	if want := expect(t, tuned); s.Digest != want || s.Waiting > 0 {
		t.Errorf("with [tune]: %v, digest %s, want %s", s.Statuses, s.Digest, want)
	}
}
