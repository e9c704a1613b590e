package command

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

// TestVersion: the programs print the version in CITATION.cff.
func TestVersion(t *testing.T) {
	text, err := os.ReadFile("../../../../CITATION.cff")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile(`(?m)^version: (\S+)\ndate-released: (\S+)$`).FindSubmatch(text)
	if m == nil || string(m[1]) != Version || string(m[2]) != Released {
		t.Errorf("CITATION.cff has %q, the program version %s of %s", m, Version, Released)
	}
}

// TestCompletionPatch: cobra's scripts still contain the prefix that completion replaces,
// for every shell that has it.
func TestCompletionPatch(t *testing.T) {
	root := &cobra.Command{Use: "sweep"}
	for _, sh := range shells {
		var b strings.Builder
		if err := sh.script(root, &b, true); err != nil {
			t.Fatal(err)
		}
		greedy := sh.name == "zsh" || sh.name == "fish"
		if strings.Contains(b.String(), greedyPrefix) != greedy {
			t.Errorf("%s: the script and the patch of it no longer match", sh.name)
		}
	}
}

// TestSuggestFlag: flags of other programs are translated.
func TestSuggestFlag(t *testing.T) {
	c := &cobra.Command{Use: "run"}
	c.Flags().IntP("jobs", "j", 1, "")
	c.Flags().StringP("output", "o", "", "")
	c.Flags().StringArray("set", nil, "")
	for line, want := range map[string]string{
		"--out x": `unknown flag --out (did you mean "--output"?)`, "--workers 3": "(-j N trains", "-n 3": "unknown flag -n (-j N trains",
		"--dry-run": "(sweep plan SUITE shows", "--resume": "(sweep run resumes", "--jbos 2": `(did you mean "--jobs"?)`, "--xyzzy": "unknown flag --xyzzy: see run --help",
	} {
		err := c.ParseFlags(strings.Fields(line))
		if err == nil {
			t.Fatalf("%s was understood", line)
		}
		if got := flagError(c, err).Error(); !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", line, got, want)
		}
	}
}
