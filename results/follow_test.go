package results

import (
	"testing"

	"gfnbench/results/disk"
)

// A follower must agree with a fresh reading after every way in which a directory can
// change.
func TestFollower(t *testing.T) {
	path := t.TempDir()
	d, err := Create(path, Options{FS: unsynced{disk.OS}})
	must(t, err)
	f, err := d.Follow()
	must(t, err)
	other, err := Create(path, Options{FS: unsynced{disk.OS}})
	must(t, err)
	failed := sampleRun(2, 1)
	failed.Status, failed.Message = Failed, "panic: index out of range"
	steps := []struct {
		name string
		do   func() error
	}{
		{"nothing", func() error { return nil }},
		{"append", func() error { return other.Append(sampleRun(0, 3), failed) }},
		{"append again", func() error { return d.Append(sampleRun(1, 2)) }},
		{"compact", other.Compact},
		{"a later attempt", func() error { return other.Append(sampleRun(2, 4)) }},
		{"instance", func() error {
			return other.AppendInstances(Instance{ID: "sets", Environment: "sets", Fields: []Field{Scalar("log_z", 1)}})
		}},
		{"join", func() error { return other.locked(0, other.join) }},
		{"remove", func() error { return other.Remove(sampleRun(1, 2).ID) }},
	}
	for _, s := range steps {
		must(t, s.do())
		must(t, f.Update())
		want, err := ReadFinal(path)
		must(t, err)
		if f.Len() != len(want.Runs) || f.HasInstance("sets") != (len(want.Instances) > 0) {
			t.Errorf("%s: %d cells, want %d", s.name, f.Len(), len(want.Runs))
		}
		for _, w := range want.Runs {
			got := f.Find(w.ID)
			if got == nil || got.Status != w.Status || len(got.Curve) != len(w.Curve) || !got.Curve[0].Equal(&w.Curve[0].Values) {
				t.Errorf("%s: cell %s is %+v, want %+v", s.name, w.ID, got, w)
			}
		}
	}
}
