package process

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		id := ID{rapid.StringMatching("|[0-9a-f]{16}").Draw(t, "machine"), rapid.IntMin(1).Draw(t, "number"), rapid.Uint64().Draw(t, "start")}
		if got, ok := Parse(id.String()); !ok || got != id {
			t.Errorf("%q is read as %v, %v", id, got, ok)
		}
	})
	for _, text := range []string{"", "a", "a.1", ".1.2", "a.0.1", "a.-1.1", "a.1.-1", "a.1.2.3", "a.x.2"} {
		if id, ok := Parse(text); ok {
			t.Errorf("%q is read as %v", text, id)
		}
	}
}

// known skips the test if the system does not distinguish processes.
func known(t *testing.T) {
	if Self().Machine == "" {
		t.Skipf("%s does not tell on which boot it runs", runtime.GOOS)
	}
}

func TestLivingAndDead(t *testing.T) {
	known(t)
	child := exec.Command("true")
	if err := child.Run(); err != nil {
		t.Fatal(err)
	}
	ended := Self()
	ended.Number = child.Process.Pid
	reused, elsewhere, nowhere := Self(), ended, ended
	reused.Start++
	elsewhere.Machine = "0123456789abcdef"
	nowhere.Machine = ""
	for name, tt := range map[string]struct {
		id   ID
		dead bool
	}{
		"this process":                     {Self(), false},
		"one that started before us":       {ID{Self().Machine, os.Getppid(), 0}, false},
		"one that ended":                   {ended, true},
		"an earlier one of this number":    {reused, true},
		"one of another machine":           {elsewhere, false},
		"one of a machine that is unknown": {nowhere, false},
		"no process":                       {ID{Self().Machine, -1, 0}, false},
	} {
		if got := tt.id.Dead(); got != tt.dead {
			t.Errorf("%s: dead %v", name, got)
		}
	}
}

// A process that was killed is dead even if its parent has not asked for its status.
func TestZombie(t *testing.T) {
	known(t)
	child := exec.Command("sleep", "600")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	defer child.Wait()
	start, dead := look(child.Process.Pid)
	id := ID{Self().Machine, child.Process.Pid, start}
	if dead || id.Dead() {
		t.Fatal("dead while it runs")
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(time.Minute); !id.Dead(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("a killed process is not dead")
		}
	}
	if err := child.Process.Signal(os.Interrupt); err != nil {
		t.Errorf("it was no zombie any more: %v", err)
	}
}
