package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"
)

// platforms gives the tags of the wheels by target. Static programs run on every Linux;
// Go 1.26 needs macOS 12.
var platforms = map[string]string{
	"linux/amd64":   "manylinux_2_17_x86_64.musllinux_1_1_x86_64",
	"linux/arm64":   "manylinux_2_17_aarch64.musllinux_1_1_aarch64",
	"darwin/amd64":  "macosx_12_0_x86_64",
	"darwin/arm64":  "macosx_12_0_arm64",
	"windows/amd64": "win_amd64",
	"windows/arm64": "win_arm64",
}

// pythonFolder holds the package.
const pythonFolder = "python"

// wheel returns a wheel of the Python package with the programs, and its file name, as
// specified by the Python Packaging User Guide's "Binary distribution format" 1.0. pip
// puts the programs into the folder of programs of the Python environment.
func wheel(version, target string, programs []string, when time.Time) (name string, data []byte, err error) {
	platform, ok := platforms[target]
	if !ok {
		return "", nil, fmt.Errorf("no wheel is known for %s", target)
	}
	w := wheelFile{when: when}
	w.z = zip.NewWriter(&w.out)
	// The package.
	python := os.DirFS(pythonFolder)
	sources, err := fs.Glob(python, "gfnbench/*.py*") // py.typed among them
	if err != nil {
		return "", nil, err
	}
	for _, source := range sources {
		if path.Ext(source) == ".pyc" {
			continue
		}
		if err := w.copy(source, filepath.Join(pythonFolder, source), 0o644); err != nil {
			return "", nil, err
		}
	}
	// The programs.
	stem := "gfnbench-" + version
	for _, program := range programs {
		if err := w.copy(stem+".data/scripts/"+filepath.Base(program), program, 0o755); err != nil {
			return "", nil, err
		}
	}
	// The metadata.
	info := stem + ".dist-info/"
	if err := w.copy(info+"licenses/LICENSE", "LICENSE", 0o644); err != nil {
		return "", nil, err
	}
	about, err := metadata(version)
	if err != nil {
		return "", nil, err
	}
	tags := ""
	for tag := range strings.SplitSeq(platform, ".") {
		tags += "Tag: py3-none-" + tag + "\n"
	}
	w.add(info+"METADATA", about, 0o644)
	w.add(info+"WHEEL", []byte("Wheel-Version: 1.0\nGenerator: gfnbench\nRoot-Is-Purelib: false\n"+tags), 0o644)
	w.add(info+"RECORD", []byte(w.record.String()+info+"RECORD,,\n"), 0o644)
	if w.err == nil {
		w.err = w.z.Close()
	}
	return fmt.Sprintf("%s-py3-none-%s.whl", stem, platform), w.out.Bytes(), w.err
}

// metadata returns the core metadata, version 2.4, with the package's README.
func metadata(version string) ([]byte, error) {
	readme, err := os.ReadFile(filepath.Join(pythonFolder, "README.md"))
	head := "Metadata-Version: 2.4\nName: gfnbench\nVersion: " + version + `
Summary: Reproducible benchmarks of divergence measures for training GFlowNets
License-Expression: MIT
License-File: LICENSE
Requires-Python: >=3.9
Provides-Extra: pandas
Requires-Dist: pandas; extra == "pandas"
Requires-Dist: pyarrow; extra == "pandas"
Provides-Extra: polars
Requires-Dist: polars; extra == "polars"
Description-Content-Type: text/markdown

`
	return append([]byte(head), readme...), err
}

// A wheelFile is a wheel being written, with the record of its files.
type wheelFile struct {
	out    bytes.Buffer
	z      *zip.Writer
	when   time.Time
	record strings.Builder
	err    error // the first error
}

// copy adds a file from the disk.
func (w *wheelFile) copy(name, from string, mode fs.FileMode) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	w.add(name, data, mode)
	return w.err
}

// add adds a file.
func (w *wheelFile) add(name string, data []byte, mode fs.FileMode) {
	sum := sha256.Sum256(data)
	fmt.Fprintf(&w.record, "%s,sha256=%s,%d\n", name, base64.RawURLEncoding.EncodeToString(sum[:]), len(data))
	header := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.when}
	header.SetMode(mode)
	f, err := w.z.CreateHeader(header)
	if err == nil {
		_, err = f.Write(data)
	}
	if w.err == nil {
		w.err = err
	}
}
