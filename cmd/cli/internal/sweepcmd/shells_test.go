package sweepcmd

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// mine is a suite of two cells.
const mine = `schema = 1
name = "mine"
[run]
seeds = 1
steps = 2
batch = 2
policy = { hidden = [4] }
[environment.grid]
kind = "hypergrid"
dim = 1
height = 3
[[grid]]
objective = ["tb", "reverse-kl"]
`

// aShell requires a shell on this machine. Without it the test is skipped, unless
// GFNBENCH_REQUIRE_SHELLS is set.
func aShell(t *testing.T, name string) {
	t.Helper()
	if _, err := exec.LookPath(name); err == nil {
		return
	}
	if os.Getenv("GFNBENCH_REQUIRE_SHELLS") != "" {
		t.Fatal(name + " is missing")
	}
	t.Skip(name + " is missing")
}

// workshop returns a directory with a suite and its results, where sweep is on the PATH
// and HOME is empty.
func workshop(t *testing.T) (dir string, env []string) {
	t.Helper()
	dir = t.TempDir()
	write := func(name, text string, mode os.FileMode) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("bin/sweep", "#!/bin/sh\n"+asSweep+"=1 exec '"+os.Args[0]+"' \"$@\"\n", 0o755)
	write("mine.toml", mine, 0o644)
	write("home/.keep", "", 0o644)
	env = append(os.Environ(), "HOME="+dir+"/home", "PATH="+dir+"/bin:"+os.Getenv("PATH"), "TERM=dumb", "XDG_CONFIG_HOME=", "XDG_DATA_HOME=")
	c := exec.Command("sweep", "run", "mine.toml", "-q")
	c.Path, c.Dir, c.Env = dir+"/bin/sweep", dir, env
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return dir, env
}

// TestFish: what fish completes.
func TestFish(t *testing.T) {
	aShell(t, "fish")
	dir, env := workshop(t)
	for line, want := range map[string][]string{
		"sweep ":        {"run", "plan", "version"},
		"sweep run ":    {"quickstart", "mine", "mine.toml"},
		"sweep status ": {"mine"},
		"sweep plan mi": {"mine", "mine.toml"},
		"sweep list s":  {"suites"},

		"sweep plan mine -f ":                          {"objective="},
		"sweep plan mine -f objective=":                {"objective=tb", "objective=reverse-kl"},
		"sweep plan mine -f objective=tb,r":            {"objective=tb,reverse-kl"},
		"sweep plan mine --filter=environment=g":       {"--filter=environment=grid"},
		"sweep plan mine --filter=objective=reverse-k": {"--filter=objective=reverse-kl"},
	} {
		c := exec.Command("fish", "--private", "-c", "sweep completion fish | source; complete -C '"+line+"'")
		c.Dir, c.Env = dir, env
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		var words []string
		for l := range strings.Lines(string(out)) {
			word, _, _ := strings.Cut(strings.TrimSpace(l), "\t")
			words = append(words, word)
		}
		for _, w := range want {
			if !slices.Contains(words, w) {
				t.Errorf("%q completes to %q, without %s", line, words, w)
			}
		}
	}
}

// zshSession types each line and a tab into an interactive zsh, and prints the resulting
// line.
const zshSession = `
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; PROMPT=; unsetopt zle_bracketed_paste; autoload -U compinit; compinit -u -D; source <(sweep completion zsh)'
zpty -w z 'show() { print -r -- "<<$BUFFER>>"; BUFFER=; zle accept-line }; zle -N show; bindkey "^X" show; bindkey "^I" complete-word; LISTMAX=0; print -r -- read""y'
zpty -r z seen '*ready*'
for line in $@; do
	zpty -n -w z "$line"$'\t'
	sleep 0.1
	zpty -n -w z $'\x18'
	zpty -r z seen '*<<*>>*'
	print -r -- ${${seen##*<<}%%>>*}
done
zpty -d z
`

// TestZsh: what zsh completes.
func TestZsh(t *testing.T) {
	aShell(t, "zsh")
	dir, env := workshop(t)
	lines := []string{
		"sweep pla", "sweep plan ",
		"sweep run quick", "sweep run quickstart ",
		"sweep status mi", "sweep status mine ",
		"sweep plan mine -f obj", "sweep plan mine -f objective=",
		"sweep plan mine -f objective=r", "sweep plan mine -f objective=reverse-kl ",
		"sweep plan mine --filter=environment=g", "sweep plan mine --filter=environment=grid ",
		"sweep plan mine --filter=objective=reverse-", "sweep plan mine --filter=objective=reverse-kl ",
	}
	args := []string{"-f", "-c", zshSession, "zsh"}
	for i := 0; i < len(lines); i += 2 {
		args = append(args, lines[i])
	}
	c := exec.CommandContext(t.Context(), "zsh", args...)
	c.Dir, c.Env, c.WaitDelay = dir, env, time.Second
	stop := time.AfterFunc(2*time.Minute, func() { _ = c.Process.Kill() })
	defer stop.Stop()
	out, err := c.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
	for i := 0; i < len(lines); i += 2 {
		if i/2 >= len(got) || strings.TrimRight(got[i/2], " ") != strings.TrimRight(lines[i+1], " ") {
			t.Fatalf("%q becomes %q, want %q", lines[i], got[min(i/2, len(got)-1)], lines[i+1])
		}
	}
}
