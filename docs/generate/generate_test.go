package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestDocumentsAreCurrent fails if a document differs from what is generated from the
// program's declarations.
func TestDocumentsAreCurrent(t *testing.T) {
	files, err := generate()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(filepath.Join("..", f.name))
		if err != nil || !bytes.Equal(text, f.text) {
			t.Errorf("docs/%s is out of date: run go generate ./docs/generate (%v)", f.name, err)
		}
	}
}
