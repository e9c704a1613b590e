package suites

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gfnbench/suites/document"
)

// FuzzParse: nothing panics, and every problem has a position.
func FuzzParse(f *testing.F) {
	for _, pattern := range []string{"*.toml", "testdata/bad/*.toml"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				f.Fatal(err)
			}
			if len(data) < 1<<12 {
				f.Add(data)
			}
		}
	}
	f.Add([]byte(twoTasks + "[[grid]]\nobjective = [\"tb\"]\n"))
	f.Add([]byte("\ufeffa = '''\n'''\n[a.\"b\"]\nc.d = {e = [1, {f = nan}]}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 1<<14 {
			t.Skip()
		}
		_, err := Parse("fuzz.toml", data, nil)
		list, ok := errors.AsType[document.Problems](err)
		if err != nil && !ok {
			t.Fatalf("error is %v", err)
		}
		lines := strings.Count(string(data), "\n") + 1
		for _, p := range list {
			if p.Line < 1 || p.Line > lines || p.Column < 1 || p.Msg == "" {
				t.Errorf("problem without a place: %#v", p)
			}
			if strings.Contains(p.Msg, "cannot be located") {
				t.Errorf("%v", p)
			}
		}
		_ = list.Error()
	})
}
