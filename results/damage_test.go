package results

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"gfnbench/results/columnar"
	"gfnbench/results/disk"
)

// damageable returns a directory with every file that a reader must check, and the files.
func damageable(t *testing.T) (dir string, files []string) {
	t.Helper()
	dir = t.TempDir()
	base(t, dir)
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.Compact())
	must(t, d.Append(sampleRun(4, 2)))
	for _, pattern := range []string{"*.parquet", journalDir + "/*"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		must(t, err)
		files = append(files, found...)
	}
	if len(files) != 6 {
		t.Fatalf("files: %v", files)
	}
	return dir, files
}

// refused checks that the directory is rejected because of the file.
func refused(t *testing.T, what, dir, file string) {
	t.Helper()
	_, err := Read(dir)
	var r *RefusedError
	if !errors.As(err, &r) || r.Path != file || r.Do == "" || !strings.Contains(err.Error(), filepath.Base(file)) {
		t.Fatalf("%s: %v", what, err)
	}
}

func TestDamagedFilesAreRefused(t *testing.T) {
	t.Parallel()
	dir, files := damageable(t)
	for _, file := range files {
		good, err := os.ReadFile(file)
		must(t, err)
		name := filepath.Base(file)
		stride := max(1, len(good)/60)
		if testing.Short() {
			stride *= 10
		}
		if os.Getenv("GFNBENCH_SOAK") != "" {
			stride = 1
		}
		for at := 0; at < len(good); at += stride {
			bad := bytes.Clone(good)
			bad[at] ^= 1 << (at % 8)
			must(t, os.WriteFile(file, bad, 0o644))
			refused(t, name+" flipped", dir, file)
		}
		for n := 0; n < len(good); n += stride {
			must(t, os.WriteFile(file, good[:n], 0o644))
			refused(t, name+" truncated", dir, file)
		}
		must(t, os.WriteFile(file, append(bytes.Clone(good), 'x'), 0o644))
		refused(t, name+" grown", dir, file)
		must(t, os.WriteFile(file, []byte("a,b,c\n1,2,3\n"), 0o644))
		if _, err := Read(dir); !errors.Is(err, columnar.ErrForeign) {
			t.Errorf("%s replaced by text: %v", name, err)
		}
		must(t, os.WriteFile(file, good, 0o644))
		if _, err := Read(dir); err != nil {
			t.Fatalf("%s restored: %v", name, err)
		}
	}
}

// Flip every bit of a small file, without the rest of a directory.
func TestEveryFlippedBitIsNoticed(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	s := &Set{Runs: []Run{sampleRun(1, 1)}}
	must(t, encodeTable(&b, timingTable, nil, footer{generation: 1}, func(t *tableWriter) error { return t.timing(&s.Runs[0]) }))
	chunk := encodeChunk(s.Runs, nil)
	for at := range b.Len() * 8 {
		if at%8 != at/8%8 && os.Getenv("GFNBENCH_SOAK") == "" {
			continue // one bit of each byte
		}
		bad := bytes.Clone(b.Bytes())
		bad[at/8] ^= 1 << (at % 8)
		if _, err := columnar.Open(bytes.NewReader(bad), int64(len(bad))); err == nil {
			t.Fatalf("bit %d of a Parquet file flipped unnoticed", at)
		}
	}
	for at := range len(chunk) * 8 {
		bad := bytes.Clone(chunk)
		bad[at/8] ^= 1 << (at % 8)
		if _, _, err := decodeChunk(bad); err == nil {
			t.Fatalf("bit %d of a journal file flipped unnoticed", at)
		}
	}
	for n := range chunk {
		if _, _, err := decodeChunk(chunk[:n]); err == nil {
			t.Fatalf("a journal file of %d of %d bytes passed", n, len(chunk))
		}
	}
}

func TestSwappedMissingAndNewerFiles(t *testing.T) {
	t.Parallel()
	dir, files := damageable(t)
	curves, runs := filepath.Join(dir, curvesFile), filepath.Join(dir, runsFile)
	// Keep the files, to restore them after each change.
	saved := map[string][]byte{}
	for _, f := range files {
		b, err := os.ReadFile(f)
		must(t, err)
		saved[f] = b
	}
	restore := func() {
		for f, b := range saved {
			must(t, os.WriteFile(f, b, 0o644))
		}
	}
	// Swapped and missing files.
	must(t, os.WriteFile(curves, saved[runs], 0o644))
	refused(t, "runs as curves", dir, curves)
	restore()
	for _, f := range []string{curves, filepath.Join(dir, varianceFile)} {
		must(t, os.Remove(f))
		refused(t, "missing", dir, f)
		restore()
	}
	// A file of another sweep.
	other := t.TempDir()
	d, err := Create(other, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.Append(sampleRun(0, 2)))
	must(t, d.Compact())
	b, err := os.ReadFile(filepath.Join(other, curvesFile))
	must(t, err)
	must(t, os.WriteFile(curves, b, 0o644))
	refused(t, "curves of another sweep", dir, curves)
	restore()

	// A file with a newer schema.
	newer := func(version string) []byte {
		var out bytes.Buffer
		w, err := columnar.NewWriter(&out, []columnar.Field{{Name: "cell", Type: columnar.String, Required: true}})
		must(t, err)
		must(t, w.Close([]columnar.KeyValue{{Key: keySchema, Value: version}, {Key: keyTable, Value: runsFile}}))
		return out.Bytes()
	}
	must(t, os.WriteFile(runs, newer(strconv.Itoa(SchemaVersion+1)), 0o644))
	refused(t, "newer schema", dir, runs)
	if _, err := Read(dir); !errors.Is(err, errNewer) {
		t.Errorf("newer schema: %v", err)
	}
	restore()
	// A stray file in the journal.
	stray := filepath.Join(dir, journalDir, "notes.txt")
	must(t, os.WriteFile(stray, nil, 0o644))
	refused(t, "stray file", dir, stray)
}

// FuzzTable gives damaged Parquet files a valid seal, so the decoder behind it must cope.
// It must return, and neither panic nor hang.
func FuzzTable(f *testing.F) {
	var b bytes.Buffer
	s := &Set{Runs: []Run{sampleRun(1, 3), sampleRun(2, 1)}}
	must(f, encodeTable(&b, curvesTable, nil, footer{generation: 1}, func(t *tableWriter) error {
		return errors.Join(t.curve(&s.Runs[0]), t.curve(&s.Runs[1]))
	}))
	f.Add(b.Bytes(), uint(0), byte(0))
	f.Add(b.Bytes(), uint(b.Len()-200), byte(7))
	f.Add(b.Bytes()[:b.Len()/2], uint(9), byte(1))
	f.Fuzz(func(t *testing.T, data []byte, at uint, flip byte) {
		data = bytes.Clone(data)
		if len(data) > 0 {
			data[at%uint(len(data))] ^= flip
		}
		path := filepath.Join(t.TempDir(), curvesFile)
		for _, bytes := range [][]byte{data, columnar.Reseal(data)} {
			must(t, os.WriteFile(path, bytes, 0o644))
			r, err := openTable(disk.OS, path, curvesTable)
			if err != nil {
				continue
			}
			_ = decodeCurves(r, []Run{sampleRun(1, 3)}, []extent{{3, -1}}, nil) // any error is acceptable
			r.Close()
		}
	})
}

// FuzzChunk decodes damaged batches.
func FuzzChunk(f *testing.F) {
	f.Add(encodeBatch([]Run{sampleRun(1, 2)}, []Instance{{ID: "a", Fields: []Field{Scalar("log_z", 1)}}}))
	f.Add(encodeChunk([]Run{sampleRun(1, 2)}, nil))
	f.Fuzz(func(t *testing.T, data []byte) {
		for _, version := range []int{1, journalVersion} {
			runs, instances, err := decodeBatch(data, version, 64<<20)
			if err != nil {
				continue
			}
			again, _, err := decodeBatch(encodeBatch(runs, instances), journalVersion, 64<<20)
			must(t, err)
			equal(t, "decoded runs", again, runs)
		}
		_, _, _ = decodeChunk(data) // must return
	})
}
