// Command generate writes the reference documents from the declarations that
// the program itself uses, so the two cannot differ: claims.md,
// environments.md, objectives.md, results.md, suites.md and suite.schema.json.
//
//	go generate ./docs/generate
package main

import (
	"bytes"
	"embed"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"gfnbench/suites"
)

//go:generate go run . -o ..

//go:embed templates/*.md
var templates embed.FS

func main() {
	dir := flag.String("o", "docs", "folder of the documents")
	flag.Parse()
	files, err := generate()
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(*dir, f.name), f.text, 0o644); err != nil {
			log.Fatal(err)
		}
	}
}

// A file is a generated document.
type file struct {
	name string
	text []byte
}

// generate makes all documents.
func generate() ([]file, error) {
	files := []file{{"suite.schema.json", suites.Schema()}}
	for name, view := range map[string]func() (any, error){
		"claims.md":       viewClaims,
		"environments.md": viewEnvironments,
		"objectives.md":   viewObjectives,
		"results.md":      viewResults,
		"suites.md":       viewSuites,
	} {
		data, err := view()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		text, err := render(name, data)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, text})
	}
	return files, nil
}

// render executes a template. {{note NAME}} inserts what the template defines
// under that name; a name without a definition, or a definition that nothing
// inserts, is an error. {{maybe NAME}} is a note that need not be defined.
func render(name string, data any) ([]byte, error) {
	t := template.New(name)
	used := map[string]bool{name: true}
	note := func(note string) (string, error) {
		if t.Lookup(note) == nil {
			return "", fmt.Errorf("docs/generate/templates/%s lacks {{define %q}}: say there what %s is, with its source", name, note, note)
		}
		var b strings.Builder
		used[note] = true
		err := t.ExecuteTemplate(&b, note, nil)
		return strings.TrimSpace(b.String()), err
	}
	t.Funcs(template.FuncMap{"cell": cell, "note": note, "maybe": func(name string) (string, error) {
		if t.Lookup(name) == nil {
			return "", nil
		}
		return note(name)
	}})
	if _, err := t.ParseFS(templates, "templates/"+name); err != nil {
		return nil, err
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, name, data); err != nil {
		return nil, err
	}
	for _, d := range t.Templates() {
		if !used[d.Name()] {
			return nil, fmt.Errorf("%s defines %q, which nothing uses", name, d.Name())
		}
	}
	return append(bytes.TrimSpace(b.Bytes()), '\n'), nil
}

// cell escapes text for a cell of a Markdown table.
func cell(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ", "<", "&lt;", "*", `\*`, "_", `\_`).Replace(text)
}
