package cli

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// telling matches a clause that tells the user to do something: it names a command, or
// begins with what to do.
var telling = regexp.MustCompile(`\b(?:sweep|report) (?:[a-z]+ )?(?:%s|[A-Z]{2})|^(?:or |and |then )?(?:add|average|cancel|change|choose|delete|draw|give|leave|make|create|move|name|run|restore|submit|take|train|use|wait|write) `)

// clauses end at these marks.
var clauses = regexp.MustCompile(`[;:(),]\s+|\s\(|\.\s|\n`)

// verbs are where a message has values.
var verbs = regexp.MustCompile(`%[-+#0-9.\[\]]*[a-zA-Z]`)

// sources are the folders whose messages are read, and whose tests follow them.
var sources = []string{"../../cmd", "../../sweep", "../../results", "../../report", "../../suites", "../../usage"}

// advice returns the clauses of a message that tell its user to do something. Texts
// of flags and helps are not messages.
func advice(text string) (told []string) {
	for i, clause := range clauses.Split(text, -1) {
		if clause = strings.TrimSpace(clause); telling.MatchString(clause) && (i > 0 || strings.Contains(clause, "sweep ")) {
			told = append(told, clause)
		}
	}
	return told
}

// TestAdviceIsFollowed: whatever a message tells its user to do is done in a test, whose
// text has the words. What cannot be done in one, such as waiting for a cluster, is in
// testdata/advice.list, with the reason.
func TestAdviceIsFollowed(t *testing.T) {
	plain := strings.NewReplacer(`\`, "", "(", "", ")", "", "'", "", "?", "", "`", "").Replace
	tests := plain(testTexts(t))
	b, err := os.ReadFile("testdata/advice.list")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for line := range strings.Lines(string(b)) {
		if clause, why, ok := strings.Cut(strings.TrimSpace(line), " # "); ok && why != "" {
			listed[clause] = false
		} else if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
			t.Errorf("testdata/advice.list: %q gives no reason", line)
		}
	}
	found := 0
	for _, folder := range sources {
		for _, text := range literals(t, folder) {
			if strings.Contains(text, "\n  ") || strings.Count(text, "\n") > 2 {
				continue // a help
			}
			for _, clause := range advice(text) {
				found++
				if _, ok := listed[clause]; ok {
					listed[clause] = true
				} else if !follows(tests, plain(clause)) {
					t.Errorf("no test follows %q of %q", clause, text)
				}
			}
		}
	}
	for clause, there := range listed {
		if !there {
			t.Errorf("testdata/advice.list: no message says %q", clause)
		}
	}
	if found < 100 {
		t.Errorf("%d messages tell what to do, want more: they are not found", found)
	}
}

// follows reports whether the words of a clause stand in the tests, with any values.
func follows(tests, clause string) bool {
	parts := verbs.Split(clause, -1)
	for i, p := range parts {
		parts[i] = regexp.QuoteMeta(p)
	}
	pattern, err := regexp.Compile(strings.Join(parts, `[^\n]{0,60}?`))
	return err == nil && pattern.MatchString(tests)
}

// testTexts returns the text of all tests and their scripts, but for those of this file
// and of TestNamedCommands.
func testTexts(t *testing.T) string {
	var all strings.Builder
	for _, folder := range sources {
		err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
			scripted := strings.HasSuffix(path, "_test.go") || strings.Contains(path, "testdata") && slices.Contains([]string{".txt", ".golden"}, filepath.Ext(path))
			if err != nil || d.IsDir() || !scripted || filepath.Base(path) == "followed_test.go" {
				return err
			}
			b, err := os.ReadFile(path)
			all.Write(b)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
