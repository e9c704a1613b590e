package suites

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gfnbench/suites/document"
)

// Texts of at most a megabyte that once took gigabytes or minutes are rejected at once.
func TestBombs(t *testing.T) {
	head := "schema = 1\nname = \"bomb\"\n"
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	number := func(i int) string {
		return strings.Repeat("k", i%7+1) + strings.Repeat("x", i/7%7) + "_" + strings.Map(func(r rune) rune { return r + 17 }, itoa(i))
	}
	for name, c := range map[string]struct{ text, want string }{
		"lists within lists":     {head + "a = " + strings.Repeat("[", 40_000) + strings.Repeat("]", 40_000), "within each other"},
		"lists that do not end":  {head + "a = " + strings.Repeat("[", 80_000), "within each other"},
		"tables within tables":   {head + "a = " + strings.Repeat("{a = ", 20_000) + "1" + strings.Repeat("}", 20_000), "within each other"},
		"a dotted head":          {head + "[a" + strings.Repeat(".a", 50_000) + "]", "a key of more than 16 parts"},
		"a dotted key":           {head + "a" + strings.Repeat(" . a", 25_000) + " = 1", "a key of more than 16 parts"},
		"quoted parts":           {head + "a" + strings.Repeat(`."a"`, 25_000) + " = 1", "a key of more than 16 parts"},
		"more than a suite has":  {head + "# " + strings.Repeat("x", 1<<20), "a suite has at most 1024 kB"},
		"keys of one table":      {head + many(40_000, func(i int) string { return number(i) + " = 1\n" }), "a table of more than 10000 keys"},
		"tables of one table":    {head + many(40_000, func(i int) string { return "[" + number(i) + "]\n" }), "a table of more than 10000 keys"},
		"unknown keys":           {head + many(9_000, func(i int) string { return "unknown" + number(i) + " = 1\n" }), "unknown key"},
		"a long line":            {head + "seeds = {" + many(9_000, func(i int) string { return number(i) + " = 1, " }) + "z = 1}\n", "unknown key"},
		"elements of a list":     {head + "[run]\nsteps = [" + strings.Repeat("1,", 400_000) + "]\n", "expected an integer"},
		"tables of a list":       {head + strings.Repeat("[[grid]]\n", 100_000), "objective"},
		"escapes in a string":    {head + `title = "` + strings.Repeat(`\u001b`, 150_000) + "\"\n", "control character"},
		"strings with brackets":  {head + "title = \"" + strings.Repeat("[.", 100_000) + "\" # " + strings.Repeat("[.", 1000) + "\n", "no [[grid]]"},
		"literal with brackets":  {head + "title = '''" + strings.Repeat("[.\n", 100_000) + "'''\n", "no [[grid]]"},
		"a string without end":   {head + "title = '''" + strings.Repeat("[.\n", 100_000), "unexpected EOF"},
		"a string and a bracket": {head + "title = \"\\\"[[[\" \n" + strings.Repeat("[", 40), "within each other"},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Parse("bomb.toml", []byte(c.text), nil)
			runtime.ReadMemStats(&after)
			if n := after.TotalAlloc - before.TotalAlloc; n > 1<<30 {
				t.Errorf("%d MB were taken for %d bytes", n>>20, len(c.text))
			}
			problems, ok := errors.AsType[document.Problems](err)
			if !ok || !strings.Contains(problems.Error(), c.want) {
				t.Errorf("%d problems, want %q among them: %.300v", len(problems), c.want, err)
			}
			if n := len(problems.Error()); n > 2<<20 {
				t.Errorf("%d bytes of problems", n)
			}
		})
	}
}

func itoa(i int) string {
	digits := ""
	for ; i > 0; i /= 10 {
		digits = string(rune('0'+i%10)) + digits
	}
	return digits
}

// A suite and the files that it names are regular files of a bounded size.
func TestFilesWithoutEnd(t *testing.T) {
	dir := t.TempDir()
	large := filepath.Join(dir, "large.csv")
	f, err := os.Create(large)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(maxFile+1), f.Close()); err != nil {
		t.Fatal(err)
	}
	text := "schema = 1\nname = \"x\"\n[environment.d]\nkind = \"dag\"\ndata = \"FILE\"\n[[grid]]\nobjective = [\"tb\"]\n"
	for file, want := range map[string]string{"/dev/zero": "is not a regular file", dir: "is not a regular file", large: "has more than 67108864 bytes"} {
		suite := filepath.Join(dir, "suite.toml")
		if err := os.WriteFile(suite, []byte(strings.Replace(text, "FILE", file, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Read(suite); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "suite.toml:5:8") {
			t.Errorf("%s: %v", file, err)
		}
	}
	if _, err := Read(dir); err == nil {
		t.Error("a directory was read as a suite")
	}
}

func TestCopyNames(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range []string{"a.csv", "../a/b.csv", strings.Repeat("x", 212), strings.Repeat("x", 213), strings.Repeat("x", 214), strings.Repeat("é/", 200)} {
		name := CopyName(file)
		if len(name) > maxCopyName || seen[name] || strings.ContainsAny(name, "/\\") {
			t.Errorf("%.20q… is kept as %q", file, name)
		}
		seen[name] = true
	}
	// As in directories of earlier versions.
	if got := CopyName("../data/π.csv"); got != "..%2Fdata%2F%CF%80.csv" {
		t.Error(got)
	}
}

// Control characters cannot come in by the command line either.
func TestHostileSettings(t *testing.T) {
	text := []byte("schema = 1\nname = \"x\"\n[environment.g]\nkind = \"hypergrid\"\n[[grid]]\nobjective = [\"tb\"]\n")
	for _, set := range []string{"seeds=[\n0,\n1]", "steps=3\x1b[2J", "steps\x00=3", "steps=\xff"} {
		_, err := Parse("x.toml", text, nil, set)
		if err == nil || strings.Contains(err.Error(), "\x1b") || !strings.Contains(err.Error(), "--set") {
			t.Errorf("%q: %v", set, err)
		}
	}
	s, err := Parse("x.toml", text, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Filter([]string{"objective=tb\n"}); err == nil {
		t.Error("a filter of two lines was taken")
	}
}

// Flags that go into a batch script obey the same rule as in a suite.
func TestHostileSlurm(t *testing.T) {
	good := DefaultSlurm()
	good.Partition, good.Constraint, good.Options = "cpu,gpu", "[rack1*2&rack2]|avx512", []SlurmOption{{"comment", `a "b" # c`}}
	if err := good.Check(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(s *Slurm){
		"partition":  func(s *Slurm) { s.Partition = "cpu\ntouch X\n#" },
		"account":    func(s *Slurm) { s.Account = "a b" },
		"qos":        func(s *Slurm) { s.QOS = `q"` },
		"constraint": func(s *Slurm) { s.Constraint = `x\` },
		"comment":    func(s *Slurm) { s.Options = []SlurmOption{{"comment", "a\nb"}} },
		"time":       func(s *Slurm) { s.Time = "30\n" },
		"memory":     func(s *Slurm) { s.Memory = "4G\n" },
	} {
		s := DefaultSlurm()
		change(&s)
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
