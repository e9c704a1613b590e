package sweepcmd

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"gfnbench/trainer/trainertest"
)

// TestExamples runs the examples of the help with few steps. make test-slurm runs those
// that need a cluster.
func TestExamples(t *testing.T) {
	aShell(t, "bash")
	dir, env := workshop(t)
	// Make the files and results that the examples name.
	own, err := filepath.Abs("../starter/suites/alignment.fasta")
	if err != nil {
		t.Fatal(err)
	}
	env = append(env, "OWN="+own)
	suite := strings.NewReplacer(`"mine"`, `"my"`, `"reverse-kl"`, `"vargrad"`, "[[grid]]", "[environment.sets]\nkind = \"sets\"\nelements = 4\nsize = 2\ninstance_seed = 1\n[trainer.other]\ncommand = [\"true\"]\nversion = \"1\"\n[[grid]]").Replace(mine)
	if err := os.WriteFile(filepath.Join(dir, "my.toml"), []byte(suite), 0o644); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "my_trainer"), []byte("#!/bin/sh\nexec env "+trainertest.Variable+"=none '"+self+"'\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	bash := func(line string) {
		t.Helper()
		c := exec.Command("bash", "-o", "pipefail", "-c", line)
		c.Dir, c.Env = dir, env
		if out, err := c.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
	for _, line := range []string{
		"cp \"$OWN\" my.fasta", "sweep run my.toml -q", "sweep run my.toml -q --shard 1/2 -o runs/part1", "sweep run my.toml -q --shard 2/2 -o runs/part2",
		"sweep run quickstart -q -f environment=sets,objective=tb,seed=0 --set keep.policies=final", // the cell that logs and why show and sample draws from
	} {
		bash(line)
	}
	// Run the examples of every command.
	root := (&app{stdout: io.Discard, stderr: io.Discard}).command()
	ran := map[*cobra.Command]bool{}
	for _, name := range []string{
		"sample", "evaluate", "logs", "why", "status", "digest", "verify", "merge", "mend", "check", "plan", "list", "show", "init", "env", "schema", "version", "run", "retry", "submit", "trainer", "trainer trust", "trainer check",
		"completion", "completion bash", "completion zsh", "completion fish", "completion powershell", "man", "help", "cancel", "",
	} {
		c, _, err := root.Find(strings.Fields(name))
		if err != nil {
			t.Fatal(err)
		}
		ran[c] = true
		for line := range strings.Lines(c.Example) {
			line = strings.TrimSpace(line)
			_, manErr := exec.LookPath("man")
			switch {
			case strings.HasPrefix(line, "sweep cancel "), strings.HasPrefix(line, "sweep submit ") && !strings.Contains(line, "--dry-run"):
				continue // they need a cluster
			case strings.HasPrefix(line, "man ") && manErr != nil, strings.HasSuffix(line, "| source"):
				continue // they need man, or fish
			case line == "sweep run quickstart":
				line += " --set steps=2"
			}
			bash(line)
		}
	}
	// No command with examples was left out.
	var visit func(*cobra.Command)
	visit = func(c *cobra.Command) {
		if c.IsAvailableCommand() && c.HasExample() && !ran[c] {
			t.Errorf("the examples of %s were not run", c.CommandPath())
		}
		for _, sub := range c.Commands() {
			visit(sub)
		}
	}
	visit(root)
}
