package results

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gfnbench/gfn/param"
	"gfnbench/results/disk"
)

// allocated returns the bytes that f allocates on the heap.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// Files of a few kilobytes that represent gigabytes are rejected before memory is
// allocated for what they declare.
func TestFilesThatStandForTooMuch(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 100,000 runs")
	}
	defer func(n int) { groupValues = n }(groupValues)
	groupValues = 1 << 30 // larger groups, smaller files
	many := make([]Run, 100_000)
	for i := range many {
		many[i] = sampleRun(7, 0)
	}
	wide := many[:20_000]
	params := make([]Param, 100)
	var columns []Column
	for i := range params {
		params[i] = Param{fmt.Sprintf("params.p%d", i), param.Of(i)}
		columns = append(columns, Column{Name: params[i].Name, Type: param.Int})
	}
	for name, c := range map[string]struct {
		fill func()
		runs []Run
	}{
		"rows":       {func() {}, many},
		"parameters": {func() { setParams(wide, params) }, wide},
	} {
		t.Run(name, func(t *testing.T) {
			c.fill()
			var b bytes.Buffer
			must(t, encodeTable(&b, runsTable, columns, footer{generation: 1}, func(t *tableWriter) error {
				for i := range c.runs {
					if err := t.run(&c.runs[i]); err != nil {
						return err
					}
				}
				return nil
			}))
			path := filepath.Join(t.TempDir(), runsFile)
			must(t, os.WriteFile(path, b.Bytes(), 0o644))
			r, err := openTable(disk.OS, path, runsTable)
			must(t, err)
			defer r.Close()
			if _, _, err := decodeRuns(r); err == nil || !strings.Contains(err.Error(), "it has more than") {
				t.Errorf("%d bytes: %v", b.Len(), err)
			}
		})
	}
}

func setParams(runs []Run, params []Param) {
	for i := range runs {
		runs[i].ID, runs[i].Params = fmt.Sprintf("%016x", i), params
	}
}

func TestJournalFilesThatStandForTooMuch(t *testing.T) {
	payload := chunkEncoder.EncodeAll(make([]byte, 32<<20), nil)
	var err error
	if n := allocated(func() { _, err = decompress(payload) }); err == nil || n > 1<<20 {
		t.Errorf("%d bytes were taken for a payload of %d that declares 32 MiB: %v", n, len(payload), err)
	}
	long := sampleRun(1, 1)
	long.Curve = make([]Point, 200_000)
	for i := range long.Curve {
		long.Curve[i].Step = int64(i)
	}
	batch := encodeBatch([]Run{long}, nil)
	if n := allocated(func() { _, _, err = decodeBatch(batch, journalVersion, 1<<20) }); err == nil || n > 1<<20 {
		t.Errorf("%d bytes were taken where a MiB was left: %v", n, err)
	}
	if _, _, err := decodeBatch(batch, journalVersion, 64<<20); err != nil {
		t.Errorf("with room: %v", err)
	}
	for _, n := range []int{0, 1, 255, 256, 70_000} {
		in := bytes.Repeat([]byte{1}, n)
		if out, err := decompress(chunkEncoder.EncodeAll(in, nil)); err != nil || !bytes.Equal(in, out) {
			t.Errorf("%d bytes come back as %d: %v", n, len(out), err)
		}
	}
}

// Results stay readable however repetitive they are: a long curve whose metrics never
// change, and runs that all failed alike.
func TestRepetitiveResultsAreRead(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 22,000 evaluations")
	}
	t.Parallel()
	still := sampleRun(1, 2)
	for i := range 20_000 {
		p := still.Curve[0]
		p.Step = int64(i)
		still.Curve = append(still.Curve[:i], p)
	}
	still.Step = 19_999
	runs := []Run{still}
	for i := range 2_000 {
		r := sampleRun(i+2, 0)
		r.ID = fmt.Sprintf("%016x", uint64(i+2)*0x9e3779b97f4a7c15) // like a hash
		r.Status, r.Message, r.Step = Failed, strings.Repeat("long ", 10_000), 0
		runs = append(runs, r)
	}
	dir := t.TempDir()
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.Append(runs...))
	if _, err := Read(dir); err != nil {
		t.Fatalf("the journal: %v", err)
	}
	must(t, d.Compact())
	s, err := Read(dir)
	if err != nil {
		t.Fatalf("the tables: %v", err)
	}
	if len(s.Runs) != len(runs) || len(s.Runs[len(s.Runs)-1].Message) > maxMessage+3 {
		t.Errorf("%d runs come back, not %d", len(s.Runs), len(runs))
	}
}
