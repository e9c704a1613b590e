package docs

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"gfnbench/suites"
)

// TestSuites checks that every suite in the documents can be read.
func TestSuites(t *testing.T) {
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			if b.language != "toml" {
				continue
			}
			open := func(file string) ([]byte, error) { return os.ReadFile(filepath.Join(root, filepath.FromSlash(file))) }
			if _, err := suites.Parse(d.at(b.first), []byte(d.text(b)), open); err != nil {
				t.Errorf("%s: %v", d.at(b.first), err)
			}
		}
	}
}

// TestExcerpts checks that every block of code in the documents is, up to white space,
// part of a file that is compiled or run.
func TestExcerpts(t *testing.T) {
	sources := map[string]string{} // by language
	for language, folders := range map[string][]string{"go": {"examples", "gfn"}, "python": {"examples"}, "r": {"examples"}} {
		extension := map[string]string{"go": ".go", "python": ".py", "r": ".R"}[language]
		for _, folder := range folders {
			err := filepath.WalkDir(filepath.Join(root, folder), func(path string, e fs.DirEntry, err error) error {
				if err == nil && filepath.Ext(path) == extension {
					var text []byte
					text, err = os.ReadFile(path)
					sources[language] += squeeze(string(text)) + "\n"
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			if text, ok := sources[b.language]; ok && !strings.Contains(text, squeeze(d.text(b))) {
				t.Errorf("%s: the code is in no file of examples/ or gfn/", d.at(b.first))
			}
		}
	}
}

// squeeze replaces all white space by single blanks.
func squeeze(s string) string { return strings.Join(strings.Fields(s), " ") }

// TestLanguages checks that every block is in a language with known rules.
func TestLanguages(t *testing.T) {
	for _, d := range documents(t) {
		for _, b := range d.blocks {
			if !strings.Contains(" console toml go python r sh text bibtex mermaid json "+commentLanguage+" ", " "+b.language+" ") {
				t.Errorf("%s: a block of language %q", d.at(b.first-1), b.language)
			}
		}
	}
}

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// TestLinks checks that the files and headings to which the documents link exist.
func TestLinks(t *testing.T) {
	anchors := map[string]map[string]bool{}
	all := documents(t)
	for _, d := range all {
		anchors[d.path] = map[string]bool{}
		for _, h := range heading.FindAllStringSubmatch(d.prose(), -1) {
			anchors[d.path][anchor(h[1])] = true
		}
	}
	for _, d := range all {
		for _, m := range link.FindAllStringSubmatch(d.prose(), -1) {
			target, fragment, _ := strings.Cut(m[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			file := d.path
			if target != "" {
				file = path.Join(path.Dir(d.path), target)
			}
			if _, err := os.Stat(filepath.Join(root, filepath.FromSlash(file))); err != nil {
				t.Errorf("%s links to %s: %v", d.path, m[1], err)
			} else if fragment != "" && anchors[file] != nil && !anchors[file][fragment] {
				t.Errorf("%s links to %s, which has no such heading", d.path, m[1])
			}
		}
	}
}

// anchor returns the fragment of links to a heading.
func anchor(heading string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return '-'
		case r == '-' || r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return -1
	}, strings.TrimSpace(heading))
}
