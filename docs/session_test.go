package docs

import (
	"bytes"
	"context"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "write what the commands print into the documents")

func itoa(n int) string { return strconv.Itoa(n) }

// TestCommands runs every command of the documents and compares what it prints.
// Each document is one session in a copy of the repository with sweep and
// report on the PATH.
func TestCommands(t *testing.T) {
	for _, needed := range []string{"bash", "make"} {
		if _, err := exec.LookPath(needed); err != nil {
			t.Skip(needed + " is missing: the commands of the documents are not run")
		}
	}
	bin := t.TempDir()
	build := exec.Command("go", "build", "-trimpath", "-o", bin, "./cmd/sweep", "./cmd/report")
	build.Dir, build.Env = root, append(os.Environ(), "CGO_ENABLED=0", "GOAMD64=v1")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, d := range documents(t) {
		t.Run(d.path, func(t *testing.T) {
			if !*update {
				t.Parallel()
			}
			s := &session{document: d, bin: bin}
			if s.commands() {
				s.run(t)
			}
		})
	}
}

// A session runs the commands of one document.
type session struct {
	*document
	bin, dir string
	out      []string // the document with what the commands printed
}

// commands reports whether the document has commands.
func (s *session) commands() bool {
	for _, b := range s.blocks {
		if b.language == "console" || b.language == commentLanguage {
			return true
		}
	}
	return false
}

func (s *session) run(t *testing.T) {
	s.dir = t.TempDir()
	copyRepository(t, s.dir)
	next := 0
	for _, b := range s.blocks {
		s.out = append(s.out, s.lines[next:b.first]...)
		next = b.last
		switch b.language {
		case "toml":
			if name, ok := strings.CutPrefix(s.lines[b.first], "# "); ok && strings.HasSuffix(name, ".toml") {
				if err := os.WriteFile(filepath.Join(s.dir, name), []byte(s.text(b)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			s.out = append(s.out, s.lines[b.first:b.last]...)
		case "console":
			s.console(t, b)
		case commentLanguage:
			command := strings.TrimSuffix(strings.TrimPrefix(s.lines[b.first-1], "<!-- $ "), " -->")
			s.command(t, b.first-1, command, s.lines[b.first:b.last])
		default:
			s.out = append(s.out, s.lines[b.first:b.last]...)
		}
	}
	s.out = append(s.out, s.lines[next:]...)
	s.figures(t)
	if *update {
		if err := os.WriteFile(filepath.Join(root, s.path), []byte(strings.Join(s.out, "\n")), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// figures compares the figures of docs/ with those that the commands made.
func (s *session) figures(t *testing.T) {
	figures, err := filepath.Glob("*.svg")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range figures {
		got, err := os.ReadFile(filepath.Join(s.dir, "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Equal(got, want) {
			continue
		}
		if !*update {
			t.Errorf("%s draws another docs/%s (go test ./docs -update writes it)", s.path, name)
		} else if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// console runs the commands of a block.
func (s *session) console(t *testing.T, b block) {
	for i := b.first; i < b.last; {
		line := i
		command, ok := strings.CutPrefix(s.lines[i], "$ ")
		if !ok {
			t.Fatalf("%s: a console block begins with a command: \"$ ...\"", s.at(i))
		}
		s.out = append(s.out, s.lines[i])
		for i++; strings.HasSuffix(command, "\\") && i < b.last; i++ {
			s.out = append(s.out, s.lines[i])
			command += "\n" + strings.TrimPrefix(s.lines[i], "> ")
		}
		first := i
		for i < b.last && !strings.HasPrefix(s.lines[i], "$ ") {
			i++
		}
		s.command(t, line, command, s.lines[first:i])
	}
}

// command runs one command and compares what it prints with the lines wanted.
func (s *session) command(t *testing.T, line int, command string, want []string) {
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute) // so a command that hangs is named
	defer cancel()
	c := exec.CommandContext(ctx, "bash", "-o", "pipefail", "-c", command)
	c.WaitDelay = time.Second
	c.Dir = s.dir
	// Unset MAKEFLAGS and MAKELEVEL, or make within make prints the directories it
	// enters.
	c.Env = append(os.Environ(), "MAKEFLAGS=", "MAKELEVEL=", "PATH="+s.bin+string(os.PathListSeparator)+os.Getenv("PATH"), "TERM=dumb", "LC_ALL=C.UTF-8")
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	if err := c.Run(); err != nil {
		t.Errorf("%s: %s: %v\n%s%s", s.at(line), command, err, &stdout, &stderr)
	}
	var got []string
	if text := strings.TrimRight(stdout.String(), "\n"); text != "" {
		got = strings.Split(text, "\n")
	}
	for i := range got {
		got[i] = strings.TrimRight(got[i], " ")
	}
	if len(got) > 0 && strings.HasPrefix(s.lines[line], "<!-- $ ") { // blank lines around it make it Markdown
		got = append(append([]string{""}, got...), "")
	}
	if matches(got, want) {
		s.out = append(s.out, want...)
		return
	}
	s.out = append(s.out, got...)
	if !*update {
		t.Errorf("%s: %s prints\n%s\nand not\n%s\n(go test ./docs -update writes it)", s.at(line), command, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// matches compares what was printed with a pattern, in which a line "…" stands
// for any lines and "…" in a line for any text.
func matches(got, pattern []string) bool {
	var re strings.Builder
	re.WriteString(`\A`)
	for _, line := range pattern {
		if line == "…" {
			re.WriteString(`(?:.*\n)*?`)
			continue
		}
		re.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*") + `\n`)
	}
	re.WriteString(`\z`)
	text := ""
	for _, line := range got {
		text += line + "\n"
	}
	return regexp.MustCompile(re.String()).MatchString(text)
}

// copyRepository copies the sources, without what was built or run.
func copyRepository(t *testing.T, dir string) {
	t.Helper()
	skip := map[string]bool{".git": true, "bin": true, "runs": true, "dist": true, ".venv": true, "bench": true}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if skip[e.Name()] {
			continue
		}
		from, to := filepath.Join(root, e.Name()), filepath.Join(dir, e.Name())
		if !e.IsDir() {
			data, err := os.ReadFile(from)
			if err == nil {
				err = os.WriteFile(to, data, 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
		} else if err := os.CopyFS(to, os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
}

// TestMatches checks what patterns stand for.
func TestMatches(t *testing.T) {
	for _, c := range []struct {
		got, pattern string
		want         bool
	}{
		{"a\nb", "a\nb", true},
		{"a\nb", "a", false},
		{"a", "a\nb", false},
		{"", "", true},
		{"a\nb\nc", "a\n…", true},
		{"a\nb\nc", "…\nc", true},
		{"a\nb\nc", "…\nb", false},
		{"x\nb\nc", "a\n…\nc", false},
		{"took 12 s (.)", "took … s (.)", true},
		{"took 12 s!", "took … s (.)", false},
	} {
		lines := func(s string) []string {
			if s == "" {
				return nil
			}
			return strings.Split(s, "\n")
		}
		if got := matches(lines(c.got), lines(c.pattern)); got != c.want {
			t.Errorf("matches(%q, %q) = %v", c.got, c.pattern, got)
		}
	}
}
