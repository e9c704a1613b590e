package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestDocumentsAreCurrent fails where a document is not what the program's
// declarations say.
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
