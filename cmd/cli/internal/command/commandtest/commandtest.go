// Package commandtest checks that all commands of a program are documented and
// complete.
package commandtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// Check checks the help, the examples and the manual pages of a program.
func Check(t *testing.T, root *cobra.Command) {
	t.Helper()
	each(root, func(c *cobra.Command) {
		t.Run(c.CommandPath(), func(t *testing.T) {
			describes(t, c)
			fits(t, c)
			for line := range strings.Lines(c.Example) {
				parses(t, root, strings.TrimSpace(line))
			}
		})
	})
	pages(t, root)
}

// each visits the commands that a user sees.
func each(c *cobra.Command, visit func(*cobra.Command)) {
	visit(c)
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			each(sub, visit)
		}
	}
}

func describes(t *testing.T, c *cobra.Command) {
	if c.Short == "" || strings.HasSuffix(c.Short, ".") {
		t.Errorf("short description %q: want a sentence without its full stop", c.Short)
	}
	if c.Example == "" && c.Parent() != nil {
		t.Error("there is no example")
	}
	c.Flags().VisitAll(func(f *pflag.Flag) {
		if kind, _ := pflag.UnquoteUsage(f); f.Usage == "" || slices.Contains([]string{"string", "strings", "stringArray", "float", "int"}, kind) {
			t.Errorf("--%s: its usage %q does not name what it takes", f.Name, f.Usage)
		}
	})
}

// fits checks that the help of a command fits on a screen of 50 lines by 80
// columns.
func fits(t *testing.T, c *cobra.Command) {
	var b strings.Builder
	c.SetOut(&b)
	if err := c.Help(); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(b.String(), "\n")
	if len(lines) > 50 {
		t.Errorf("help of %d lines:\n%s", len(lines), &b)
	}
	for _, line := range lines {
		if len([]rune(line)) > 80 && !strings.Contains(c.Example, line) {
			t.Errorf("help has a line of %d characters: %s", len([]rune(line)), line)
		}
	}
}

// parses checks that the commands in a line of examples exist, with their flags
// and the number of their arguments.
func parses(t *testing.T, root *cobra.Command, line string) {
	for _, part := range strings.FieldsFunc(line, func(r rune) bool { return r == '&' || r == '|' || r == ';' }) {
		part, _, _ = strings.Cut(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(part), "source <("), ")"), " > ")
		words := strings.Fields(strings.NewReplacer(`""`, "-", "'", "").Replace(part))
		if slices.Contains([]string{"man", "mkdir", "source", "tensorboard"}, words[0]) {
			continue
		}
		c, args, err := root.Find(words[1:])
		if err != nil || words[0] != root.Name() {
			t.Errorf("example %q: %v", line, err)
			continue
		}
		if err := c.ParseFlags(args); err != nil {
			t.Errorf("example %q: %v", line, err)
		} else if err := c.ValidateArgs(c.Flags().Args()); err != nil {
			t.Errorf("example %q: %v", line, err)
		}
	}
}

// pages writes the manual pages and checks their structure, and how man shows
// them if it is installed.
func pages(t *testing.T, root *cobra.Command) {
	dir := t.TempDir()
	root.SetArgs([]string{"man", dir})
	if err := root.Execute(); err != nil {
		t.Fatal(err)
	}
	each(root, func(c *cobra.Command) {
		path := filepath.Join(dir, strings.ReplaceAll(c.CommandPath(), " ", "-")+".1")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Error(err)
			return
		}
		for _, section := range []string{".TH ", ".SH NAME\n", ".SH SYNOPSIS\n", ".SH DESCRIPTION\n", ".SH OPTIONS\n", "--help", ".SH SEE ALSO\n"} {
			if !strings.Contains(string(text), section) {
				t.Errorf("%s has no %s", filepath.Base(path), section)
			}
		}
		rendered(t, path)
	})
}

// rendered runs the readers of manual pages that are installed. They must find
// nothing to warn about.
func rendered(t *testing.T, path string) {
	for _, reader := range [][]string{{"mandoc", "-T", "lint", "-W", "warning"}, {"groff", "-man", "-ww", "-Tutf8", "-z"}} {
		if _, err := exec.LookPath(reader[0]); err != nil {
			continue
		}
		out, _ := exec.Command(reader[0], append(reader[1:], path)...).CombinedOutput()
		for line := range strings.Lines(string(out)) {
			t.Error(strings.TrimSpace(line))
		}
	}
}
