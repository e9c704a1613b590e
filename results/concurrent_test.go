package results

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"gfnbench/gfn/metric"
	"gfnbench/gfn/param"
	"gfnbench/results/disk"
	"gfnbench/results/lease"
	"gfnbench/results/process/processtest"
)

// Several writers append, maintain and compact while a reader reads: nothing is lost, and
// what was seen once stays.
func TestConcurrentWriters(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	// Start the writers.
	const writers, each = 3, 120
	var wg sync.WaitGroup
	for w := range writers {
		d, err := Create(dir, Options{FS: unsynced{disk.OS}})
		must(t, err)
		wg.Go(func() {
			for i := range each {
				if err := d.Append(sampleRun(w*each+i, 2)); err != nil {
					t.Error(err)
				}
				if err := d.Maintain(); err != nil {
					t.Error(err)
				}
				if i%50 == 49 {
					if err := d.Compact(); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	// Read meanwhile: no run may disappear.
	stop := make(chan struct{})
	var reader sync.WaitGroup
	reader.Go(func() {
		for seen := 0; ; {
			select {
			case <-stop:
				return
			default:
			}
			s, err := Read(dir)
			if err != nil {
				t.Error(err)
				return
			}
			if len(s.Runs) < seen {
				t.Errorf("%d runs, %d before", len(s.Runs), seen)
			}
			seen = len(s.Runs)
		}
	})
	wg.Wait()
	close(stop)
	reader.Wait()
	// At the end all runs are there.
	d, err := Create(dir, Options{})
	must(t, err)
	must(t, d.Compact())
	s, err := Read(dir)
	must(t, err)
	var want []Run
	for i := range writers * each {
		want = append(want, sampleRun(i, 2))
	}
	equal(t, "runs", s.Runs, want)
}

// TestKilledWriters kills processes that append and compact at random moments.
func TestKilledWriters(t *testing.T) {
	t.Parallel()
	kills := 8
	if os.Getenv("GFNBENCH_SOAK") != "" {
		kills = 200
	}
	dir := t.TempDir()
	acknowledged := map[int]bool{}
	// Kill a writer again and again: no acknowledged run may be lost.
	for k := range kills {
		var out strings.Builder
		c := exec.Command(os.Args[0], "-test.run=^TestWriterProcess$")
		c.Env = append(os.Environ(), "RESULTS_WRITER="+dir, "RESULTS_FIRST="+strconv.Itoa(1000*k))
		c.Stdout = &out
		must(t, c.Start())
		time.Sleep(time.Duration(60+37*k%150) * time.Millisecond)
		must(t, c.Process.Kill())
		_ = c.Wait() // killed
		for line := range strings.Lines(out.String()) {
			if id, err := strconv.Atoi(strings.TrimSuffix(line, "\n")); err == nil && strings.HasSuffix(line, "\n") {
				acknowledged[id] = true
			}
		}
		s, err := Read(dir)
		if errors.Is(err, fs.ErrNotExist) && len(acknowledged) == 0 {
			continue // killed before it wrote anything
		}
		must(t, err)
		for id := range acknowledged {
			if s.Find(fmt.Sprintf("%016x", id)) == nil {
				t.Fatalf("run %d was recorded and is lost after kill %d", id, k)
			}
		}
	}
	// The runs that are left are unchanged.
	d, err := Create(dir, Options{})
	must(t, err)
	must(t, d.Compact())
	s, err := Read(dir)
	must(t, err)
	for _, r := range s.Runs {
		id, err := strconv.ParseInt(r.ID, 16, 64)
		must(t, err)
		equal(t, r.ID, []Run{r}, []Run{sampleRun(int(id), 3)})
	}
	if len(acknowledged) == 0 || len(s.Conflicts) > 0 {
		t.Errorf("%d runs were recorded, %d conflicts", len(acknowledged), len(s.Conflicts))
	}
	t.Logf("%d kills, %d runs", kills, len(s.Runs))
}

// TestWriterProcess is the process that TestKilledWriters kills.
func TestWriterProcess(t *testing.T) {
	dir := os.Getenv("RESULTS_WRITER")
	if dir == "" {
		t.Skip("run by TestKilledWriters")
	}
	processtest.Enter(t)
	first, err := strconv.Atoi(os.Getenv("RESULTS_FIRST"))
	must(t, err)
	last, err := strconv.Atoi(os.Getenv("RESULTS_LAST"))
	if err != nil {
		last = math.MaxInt
	}
	d, err := Create(dir, Options{FS: unsynced{disk.OS}}) // a kill is not a power cut
	must(t, err)
	for i := first; i < last; i++ {
		must(t, d.Append(sampleRun(i, 3)))
		fmt.Println(i)
		if i%5 == 4 {
			must(t, d.Compact())
		}
	}
}

// Processes in two PID namespaces, like two containers with one host name, wait for each
// other's compactions and both finish.
func TestWritersInTwoNamespaces(t *testing.T) {
	dir := t.TempDir()
	const each = 40
	var writers []*exec.Cmd
	for w := range 2 {
		c := processtest.Command("TestWriterProcess", "RESULTS_WRITER="+dir, "RESULTS_FIRST="+strconv.Itoa(each*w), "RESULTS_LAST="+strconv.Itoa(each*(w+1)))
		processtest.Isolate(c, true)
		processtest.Must(t, c.Start())
		writers = append(writers, c)
	}
	for _, c := range writers {
		must(t, c.Wait())
	}
	s, err := Read(dir)
	must(t, err)
	if len(s.Runs) != 2*each || len(s.Conflicts) > 0 {
		t.Errorf("%d runs, want %d; conflicts %v", len(s.Runs), 2*each, s.Conflicts)
	}
}

// The journal stays small however many runs are appended one by one.
func TestMaintainBoundsTheJournal(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 45,000 evaluations")
	}
	t.Parallel()
	dir := t.TempDir()
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	var large []Run
	for i := range 1500 {
		large = append(large, sampleRun(1<<20+i, 30))
	}
	must(t, d.Append(large...))
	must(t, d.Compact()) // so large that Maintain joins instead of compacting
	joined := false
	for i := range 1000 {
		must(t, d.Append(sampleRun(i, 1)))
		must(t, d.Maintain())
		chunks, err := listChunks(disk.OS, dir)
		must(t, err)
		if len(chunks) > maxChunks+maintainEvery {
			t.Fatalf("%d files in the journal", len(chunks))
		}
		joined = joined || len(chunks) == 1 && i > 1
	}
	s, err := Read(dir)
	must(t, err)
	if len(s.Runs) != 2500 || !joined {
		t.Errorf("%d runs, joined: %v", len(s.Runs), joined)
	}
}

// A holder of the lock that was taken over must not undo what the new holder did.
func TestTakenOverCompactionGivesUp(t *testing.T) {
	dir := t.TempDir()
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.Append(sampleRun(0, 1)))
	slow, err := d.watcher.Lock(lockFile, 0)
	must(t, err)
	if err := d.locked(0, d.compact); !errors.Is(err, ErrBusy) {
		t.Fatalf("a second compaction: %v", err)
	}
	records, err := filepath.Glob(filepath.Join(dir, lease.Workers, "*"))
	must(t, err)
	for _, r := range records {
		must(t, os.Remove(r)) // as if its process were dead
	}
	must(t, d.Compact()) // takes over
	must(t, d.Append(sampleRun(1, 1)))
	must(t, d.Compact())
	if err := d.replace(slow, (&Set{}).content(), footer{compaction: &compaction{ID: newCompactionID()}}); !errors.Is(err, lease.ErrLost) {
		t.Fatalf("the slow compaction: %v", err)
	}
	slow.Release()
	s, err := Read(dir)
	must(t, err)
	if len(s.Runs) != 2 {
		t.Errorf("%d runs", len(s.Runs))
	}
}

func TestFirstResultStands(t *testing.T) {
	// Results and attempts of one cell.
	done, failed, retried := sampleRun(1, 2), sampleRun(1, 1), sampleRun(1, 1)
	failed.Status, retried.Status = Failed, Timeout
	retried.Timing.Attempt = 2
	other := sampleRun(1, 2)
	other.Curve[1].Set(metric.TV, 0.25)
	again := sampleRun(1, 2)
	again.Timing.Host = "node2"
	described := sampleRun(1, 2)
	described.Params = []Param{{"params.species", param.Of(7)}}
	// Append some of them, and read them before and after compaction.
	for what, tt := range map[string]struct {
		runs      []Run
		want      Run
		conflicts int
	}{
		"a result replaces an attempt":  {[]Run{failed, done}, done, 0},
		"an attempt replaces no result": {[]Run{done, retried}, done, 0},
		"a later attempt replaces one":  {[]Run{failed, retried}, retried, 0},
		"an earlier does not":           {[]Run{retried, failed}, retried, 0},
		"the same result is dropped":    {[]Run{done, again}, done, 0},
		"another description is not":    {[]Run{done, described}, done, 0},
		"another one is a conflict":     {[]Run{done, other}, done, 1},
	} {
		dir := t.TempDir()
		d, err := Create(dir, Options{FS: unsynced{disk.OS}})
		must(t, err)
		for i, r := range tt.runs {
			must(t, d.Append(r))
			if i == 0 {
				must(t, d.Compact())
			}
		}
		for _, state := range []string{"journal", "parquet"} {
			s, err := Read(dir)
			must(t, err)
			equal(t, what+", "+state, s.Runs, []Run{tt.want})
			if state == "parquet" {
				break
			}
			if len(s.Conflicts) != tt.conflicts {
				t.Errorf("%s: conflicts %v", what, s.Conflicts)
			}
			err = d.Compact()
			var c *ConflictError
			if errors.As(err, &c) != (tt.conflicts > 0) || c == nil && err != nil {
				t.Errorf("%s: compaction: %v", what, err)
			}
			aside, _ := filepath.Glob(filepath.Join(dir, conflictsDir, "*"))
			if len(aside) != tt.conflicts {
				t.Errorf("%s: %v set aside", what, aside)
			}
		}
	}
}

func TestRemove(t *testing.T) {
	dir := t.TempDir()
	base(t, dir)
	d, err := Create(dir, Options{FS: unsynced{disk.OS}})
	must(t, err)
	must(t, d.Remove("0000000000000001", "0000000000000003", "00000000000000ff"))
	s, err := Read(dir)
	must(t, err)
	if len(s.Runs) != 2 || s.Find("0000000000000001") != nil || s.Find("0000000000000002") == nil || len(s.Instances) != 1 {
		t.Errorf("left: %v", s.Runs)
	}
}

func TestMergingDirectories(t *testing.T) {
	a, b := t.TempDir(), t.TempDir()
	for dir, runs := range map[string][]Run{a: {sampleRun(1, 2), sampleRun(3, 2)}, b: {sampleRun(2, 2), sampleRun(3, 2)}} {
		d, err := Create(dir, Options{FS: unsynced{disk.OS}})
		must(t, err)
		must(t, d.Append(runs...))
	}
	s, err := Read(a, b)
	must(t, err)
	equal(t, "merged", s.Runs, []Run{sampleRun(1, 2), sampleRun(2, 2), sampleRun(3, 2)})
	if len(s.Conflicts) > 0 || s.Pending != 2 {
		t.Errorf("conflicts %v, pending %d", s.Conflicts, s.Pending)
	}
}
