package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"
)

// TestDocument: ratios are taken seed by seed before their median, points that a program
// lacks are counted, and bars compare the printed ratios.
func TestDocument(t *testing.T) {
	at := func(peer string, batch, seed int, us float64) result {
		return result{point: point{"hypergrid", 2, 8, batch, 1, seed, 0}, Peer: peer, Version: "v", MedianUS: us, Length: 3}
	}
	text := string(document([]result{
		// Ratios of torchgfn 10, 30, 40 and of gfnx 2, 6, 8: medians 30 and 6. The
		// ratio of the median times would be 60/2 = 30 and 16/2 = 8.
		at("gfnbench", 32, 0, 1), at("torchgfn", 32, 0, 10), at("gfnx", 32, 0, 2),
		at("gfnbench", 32, 1, 2), at("torchgfn", 32, 1, 60), at("gfnx", 32, 1, 12),
		at("gfnbench", 32, 2, 4), at("torchgfn", 32, 2, 160), at("gfnx", 32, 2, 32),
		// Below the bar of 5.
		at("gfnbench", 128, 0, 1), at("torchgfn", 128, 0, 20), at("gfnx", 128, 0, 4.9),
		// Incomplete.
		at("gfnbench", 512, 0, 1),
	}))
	for _, want := range []string{
		"| 2×8 | 32 | 1 | 2 (1–4) | 60 (10–160) | 12 (2–32) | 30.0 | 6.0 | 3.0, 3.0, 3.0 | 0.00, 0.00, 0.00 |",
		"| 2×8 | 128 | 1 | 1 | 20 | 5 | 20.0 | 4.9 |",
		"20× torchgfn, met at 2 of 2; 5× gfnx, met at 1 of 2.",
		"Not measured yet: 50 of 54 pairs of a point and a seed.", // of 9 points × 2 threads × 3 seeds, 4 are there
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

// TestRecord: what is recorded can be read and found again.
func TestRecord(t *testing.T) {
	name := filepath.Join(t.TempDir(), "runs", "points.jsonl")
	want := result{point: point{"bitseq", 16, 16, 32, 2, 0, 0}, Peer: "gfnx", MedianUS: 12.5, Variant: "keep-scan"}
	for _, r := range []result{{Peer: "torchgfn"}, want} {
		if err := record(name, r); err != nil {
			t.Fatal(err)
		}
	}
	done, err := read(name)
	if err != nil || len(done) != 2 || done[find(done, "gfnx", want.point)] != want {
		t.Fatalf("read %+v, %v", done, err)
	}
	other := want.point
	other.Seed = 1
	if got := variant(done, "gfnx", other); got != "keep-scan" {
		t.Errorf("variant of another seed is %q", got)
	}
}

// TestOurs: a point runs, and trajectories have the right length: 16 words are 16
// actions.
func TestOurs(t *testing.T) {
	var out strings.Builder
	if err := ours(&out, `{"env":"bitseq","dim":16,"height":2,"batch":2,"threads":1}`); err != nil {
		t.Fatal(err)
	}
	var r result
	if err := json.Unmarshal([]byte(out.String()), &r); err != nil {
		t.Fatal(err)
	}
	if r.Length != 16 || r.MedianUS <= 0 || r.Batch != 2 {
		t.Errorf("%+v", r)
	}
}
