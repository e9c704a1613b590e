package cli

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// follow does what the last command told its user to do: follow CODE PATTERN finds the
// pattern in what the command printed on standard error or, if that is empty, on standard
// output. It runs the pattern's group as a shell command line and checks the exit code.
func follow(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: follow CODE PATTERN")
	}
	pattern, err := regexp.Compile(args[1])
	ts.Check(err)
	var line string
	for _, name := range []string{"stderr", "stdout"} {
		if m := pattern.FindStringSubmatch(ts.ReadFile(name)); m != nil {
			line = m[1]
			break
		}
	}
	if line == "" {
		ts.Fatalf("nothing like %s was printed", args[1])
	}
	code := 0
	if err := ts.Exec("bash", "-c", line); err != nil {
		code = exitCode(ts, err)
	}
	if want, err := strconv.Atoi(args[0]); err != nil || code != want {
		ts.Fatalf("%s: exit code %d, want %s", line, code, args[0])
	}
}

// exitCode returns the exit code in the error of a command.
func exitCode(ts *testscript.TestScript, err error) int {
	code, ok := strings.CutPrefix(err.Error(), "exit status ")
	n, convErr := strconv.Atoi(code)
	if !ok || convErr != nil {
		ts.Fatalf("%v", err)
	}
	return n
}

// named matches a command in a text for people.
var named = regexp.MustCompile(`\b(sweep|report) ([a-z]+)((?: [A-Z%]\S*)*)((?: --[a-z-]+)*)`)

// spoken are words that follow the name of a program in a sentence.
var spoken = map[string]bool{
	"directory": true, "is": true, "was": true, "of": true, "ended": true, "with": true, "cannot": true, "in": true, "has": true, "which": true, "that": true, "itself": true, "file": true, "on": true, "does": true,
	"as": true, "the": true, "every": true, "to": true, "ran": true, "wrote": true, "shows": true,
}

// TestNamedCommands: every command that a text of the programs names, in a message or in
// help, exists and has the flags named with it.
func TestNamedCommands(t *testing.T) {
	help := map[string]string{}
	of := func(program, command string) string {
		key := program + " " + command
		if _, ok := help[key]; !ok {
			help[key] = helpOf(t, program, command)
		}
		return help[key]
	}
	found := 0
	for _, folder := range []string{"../../cmd", "../../sweep", "../../results", "../../report", "../../suites", "../../usage"} {
		for _, text := range literals(t, folder) {
			for _, m := range named.FindAllStringSubmatch(text, -1) {
				if spoken[m[2]] {
					continue
				}
				found++
				page := of(m[1], m[2])
				if page == "" {
					t.Errorf("%q names %s %s, which is no command", text, m[1], m[2])
				}
				for flag := range strings.FieldsSeq(m[4]) {
					if page != "" && !strings.Contains(page, flag) {
						t.Errorf("%q names %s of %s %s, which has no such flag", text, flag, m[1], m[2])
					}
				}
			}
		}
	}
	if found < 100 {
		t.Errorf("%d commands are named, want more: the texts are not found", found)
	}
}

// helpOf returns the help of a command, or "" if there is no such command.
func helpOf(t *testing.T, program, command string) string {
	out, err := helped(t, program, command)
	if err != nil {
		return ""
	}
	return out
}

// literals returns the strings of the Go files below a folder that are not tests.
func literals(t *testing.T, folder string) (texts []string) {
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, source, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
				if text, err := strconv.Unquote(l.Value); err == nil {
					texts = append(texts, text)
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return texts
}
