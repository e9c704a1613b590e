package sweep

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"gfnbench/results"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/results/process"
	"gfnbench/sweep/machine"
)

// died leaves behind what a process leaves when it dies while holding blocks of the plan:
// its leases and its last words.
func died(t *testing.T, p *Plan, words string, blocks ...*block) {
	t.Helper()
	const name = "0123456789abcdef"
	record := fmt.Sprintf("%s %s %d 1764000000 h - 0\n1 1764000000 1\n\n", name, process.Self().Machine, 1<<30)
	must(t, os.MkdirAll(filepath.Join(p.Dir, lease.Folder), 0o755))
	must(t, os.MkdirAll(filepath.Join(p.Dir, lease.Workers), 0o755))
	for _, b := range blocks {
		must(t, os.WriteFile(filepath.Join(p.Dir, b.lease()), []byte(record), 0o644))
	}
	must(t, os.WriteFile(lastWordsPath(p.Dir, name), []byte(words), 0o644))
}

// What Go 1.26 writes when it has no memory, under ulimit -v.
const noMemory = `0

goroutine 28 gp=0x5e8435e3680 m=3 mp=0x5e8431dd008 [running]:
runtime.throw({0x1064aa5?, 0x12000?})
	/usr/local/go/src/runtime/panic.go:1229 +0x48 fp=0x5e843640d98 sp=0x5e843640d68 pc=0x488e48
runtime.(*mcache).allocLarge(0x434100?, 0x24000000, 0x1)
	/usr/local/go/src/runtime/mcache.go:259 +0x18d fp=0x5e843640de8 sp=0x5e843640d98 pc=0x42828d
`

// A cell whose process ran out of memory is recorded as lost, and fails with advice after
// a few such losses. Others are trained all the same, whatever killed their process, and
// however often.
func TestLossesFailACell(t *testing.T) {
	if process.Self().Machine == "" {
		t.Skip("the system does not tell which processes are dead")
	}
	want := expect(t, tiny)
	for name, tt := range map[string]struct {
		words func() string // as they are left, because the machine may kill other programs meanwhile
		fails bool
	}{
		"out of memory": {func() string { return noMemory }, true},
		"something else": {func() string {
			return fmt.Sprintf("%.0f\n\ngoroutine 1 [running]:\nruntime.throw({0x1064aa5?, 0x12000?})\n\tpanic.go:1229\nruntime.mapassign(0x1)\n", machine.OOMKills())
		}, false},
		"killed for memory":    {func() string { return "-1\n" }, true}, // the kernel has killed at least 0 since
		"killed, nothing said": {func() string { return fmt.Sprintf("%.0f\n", machine.OOMKills()) }, false},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			// Lose the process again and again.
			var cell string
			for i := range 2 * lossesThatFail {
				p := load(t, tiny, dir, Selection{})
				b := p.blocks[0]
				cell = b.cells[0].ID
				died(t, p, tt.words(), b)
				countLoss(t, p, b)
				set, err := results.Read(dir)
				must(t, err)
				run := set.Find(cell)
				switch {
				case !tt.fails && run != nil:
					t.Fatalf("after %d losses it is %s", i+1, run.Status)
				case tt.fails && i+1 < lossesThatFail && run.Status != results.Lost:
					t.Errorf("after %d losses it is %s", i+1, run.Status)
				case tt.fails && i+1 == lossesThatFail && (run.Status != results.Failed || !strings.Contains(run.Message, "ran out of memory 3 times") || !strings.Contains(run.Message, "sweep retry")):
					t.Errorf("after %d losses it is %s: %s", i+1, run.Status, run.Message)
				}
			}
			// Run the rest, then retry.
			s := run(t, tiny, dir, Selection{}, Options{Workers: 2})
			if failed := s.Failed() > 0; failed != tt.fails || s.Statuses[results.Lost] > 0 {
				t.Errorf("%v", s.Statuses)
			}
			again := run(t, tiny, dir, Selection{}, Options{Retry: []results.Status{results.Failed}})
			if again.Digest != want {
				t.Errorf("retried: digest %s with %v", again.Digest, again.Statuses)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, lossesDir, "*")); len(left) > 0 {
				t.Errorf("%v is left", left)
			}
		})
	}
}

// countLoss takes over a block from a dead process, like a run that then dies.
func countLoss(t *testing.T, p *Plan, b *block) {
	t.Helper()
	st, err := openStore(settingOf(p, Options{}), time.Now())
	must(t, err)
	h, err := lease.Watch(disk.OS, p.Dir, 0).Join("", lease.Task{})
	must(t, err)
	defer h.Close()
	ok, from, err := h.Claim(b.lease())
	must(t, err)
	if !ok || from == nil {
		t.Fatalf("the lease of the dead was not taken over: %v, %v", ok, from)
	}
	r := &runner{store: st, holder: h, trainer: &trainer{setting: st.setting}, losses: &losses{fsys: disk.OS, dir: p.Dir}}
	must(t, r.lost(b, from))
}

// Blocks come last and alone after one loss due to memory, or after several for other
// reasons.
func TestLostBlocksComeLast(t *testing.T) {
	p := load(t, tiny, t.TempDir(), Selection{})
	l := &losses{fsys: disk.OS, dir: p.Dir}
	must(t, os.MkdirAll(p.Dir, 0o755))
	must(t, l.write(p.blocks[0].name, loss{Memory: 1}))
	must(t, l.write(p.blocks[1].name, loss{Other: lossesThatIsolate - 1}))
	must(t, l.write(p.blocks[2].name, loss{Other: lossesThatIsolate}))
	st, err := openStore(settingOf(p, Options{}), time.Now())
	must(t, err)
	d := &dealer{runner: &runner{store: st, losses: l, room: newRoom(machine.Limit{}, false)}}
	first, last := d.order()
	if want := []*block{p.blocks[0], p.blocks[2]}; !slices.Equal(last, want) || len(first) != len(p.blocks)-2 {
		t.Errorf("%d blocks come first and %d last", len(first), len(last))
	}
}
