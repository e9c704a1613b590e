package usage

import (
	"os/exec"
	"strings"
	"testing"
)

// TestQuote: a shell reads back what was quoted, and words stay on one line.
func TestQuote(t *testing.T) {
	for word, want := range map[string]string{
		"runs/my": "runs/my", "environment=sets,grid": "environment=sets,grid", "größe": "größe",
		"": "''", "a b": "'a b'", "it's": `'it'\''s'`, "seeds=[5]": "'seeds=[5]'", "=ls": "'=ls'", "~": "'~'",
		"a\nb": `$'a\nb'`, "\x1b[31m'\\": `$'\033[31m\'\\'`, "\xff": `$'\377'`, "a\u202eb": `$'a\342\200\256b'`,
	} {
		got := Quote(word)
		if got != want {
			t.Errorf("Quote(%q) = %s, want %s", word, got, want)
		}
		if strings.ContainsAny(got, "\n\x1b") {
			t.Errorf("Quote(%q) has control characters", word)
		}
		bash, err := exec.LookPath("bash")
		if err != nil {
			continue
		}
		out, err := exec.Command(bash, "-c", "printf %s "+got).Output()
		if err != nil || string(out) != word {
			t.Errorf("bash reads %s as %q (%v), want %q", got, out, err, word)
		}
	}
	if got := QuotePath("-x y"); got != "'./-x y'" {
		t.Errorf("QuotePath of a dash is %s", got)
	}
}
