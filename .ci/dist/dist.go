// Dist builds what is released: static programs for linux, macOS and Windows on
// amd64 and arm64, one archive each with the manual pages and one wheel with the
// Python package, a CycloneDX bill of materials and the checksums. The same commit
// and toolchain give the same bytes.
//
//	go run ./.ci/dist -o dist [-targets linux/amd64,...]
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

const allTargets = "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64"

var (
	programs = []string{"sweep", "report"}
	papers   = []string{"README.md", "LICENSE", "CHANGELOG.md", "CITATION.cff"}
)

func main() {
	log.SetFlags(0)
	out := flag.String("o", "dist", "folder of the archives")
	targets := flag.String("targets", allTargets, "GOOS/GOARCH, separated by commas")
	flag.Parse()
	if err := dist(*out, strings.Split(*targets, ",")); err != nil {
		log.Fatal("dist: ", err)
	}
}

func dist(out string, targets []string) error {
	// Prepare what all systems share.
	version, err := version()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "dist")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	pages, err := manual(filepath.Join(work, "man"))
	if err != nil {
		return err
	}
	when := commitTime()
	// Build the programs of each system, and pack its archive and its wheel.
	var names []string
	modules := map[string]string{}
	for _, target := range targets {
		system, arch, ok := strings.Cut(target, "/")
		if !ok {
			return fmt.Errorf("%q is not GOOS/GOARCH", target)
		}
		files, err := build(filepath.Join(work, system+arch), system, arch, modules)
		if err != nil {
			return err
		}
		name := fmt.Sprintf("gfnbench-%s-%s-%s", version, system, arch)
		pack, extension := tarball, ".tar.gz"
		if system == "windows" {
			pack, extension = zipped, ".zip"
		}
		archive, err := pack(name, slices.Concat(files, papers, pages), when)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, name+extension), archive, 0o644); err != nil {
			return err
		}
		names = append(names, name+extension)
		log.Printf("%s  %.1f MB", name+extension, float64(len(archive))/1e6)
		name, data, err := wheel(version, target, files, when)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
			return err
		}
		names = append(names, name)
	}
	// Write the bill of materials and the checksums.
	bill, err := billOfMaterials(version, modules, when)
	if err != nil {
		return err
	}
	name := fmt.Sprintf("gfnbench-%s.cdx.json", version)
	if err := os.WriteFile(filepath.Join(out, name), bill, 0o644); err != nil {
		return err
	}
	return checksums(out, append(names, name))
}

// version returns the version in CITATION.cff.
func version() (string, error) {
	text, err := os.ReadFile("CITATION.cff")
	if err != nil {
		return "", err
	}
	m := regexp.MustCompile(`(?m)^version: (\S+)$`).FindSubmatch(text)
	if m == nil {
		return "", fmt.Errorf("CITATION.cff has no version")
	}
	return string(m[1]), nil
}

// commitTime returns SOURCE_DATE_EPOCH, or the time of the commit, or 1980, the earliest
// time that a zip file can hold.
func commitTime() time.Time {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, _ := exec.Command("git", "log", "-1", "--format=%ct").Output()
		text = strings.TrimSpace(string(out))
	}
	if seconds, err := strconv.ParseInt(text, 10, 64); err == nil {
		return time.Unix(seconds, 0).UTC()
	}
	return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)
}

// build builds the programs for one system and adds the list of the modules in them.
func build(dir, system, arch string, modules map[string]string) ([]string, error) {
	var files []string
	vcs := "-buildvcs=false"
	if exec.Command("git", "rev-parse", "HEAD").Run() == nil {
		vcs = "-buildvcs=true"
	}
	for _, program := range programs {
		file := filepath.Join(dir, program)
		if system == "windows" {
			file += ".exe"
		}
		c := exec.Command("go", "build", "-trimpath", vcs, "-ldflags", "-s -w", "-o", file, "./cmd/"+program)
		c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+arch, "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=")
		c.Stderr = os.Stderr
		if err := c.Run(); err != nil {
			return nil, fmt.Errorf("%s for %s/%s: %w", program, system, arch, err)
		}
		info, err := buildinfo.ReadFile(file)
		if err != nil {
			return nil, err
		}
		for _, m := range info.Deps {
			modules[m.Path] = m.Version
		}
		files = append(files, file)
	}
	return files, nil
}

// manual writes the manual pages of the programs.
func manual(dir string) ([]string, error) {
	for _, program := range programs {
		c := exec.Command("go", "run", "./cmd/"+program, "man", dir)
		c.Stderr = os.Stderr
		if err := c.Run(); err != nil {
			return nil, fmt.Errorf("manual pages of %s: %w", program, err)
		}
	}
	return filepath.Glob(filepath.Join(dir, "*.1")) // sorted
}

// tarball packs the files into a folder with the given name.
func tarball(folder string, files []string, when time.Time) ([]byte, error) {
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	w := tar.NewWriter(z)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		header := &tar.Header{Name: inFolder(folder, file), Mode: mode(file), Size: int64(len(data)), ModTime: when, Format: tar.FormatUSTAR}
		if err := w.WriteHeader(header); err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	err = z.Close()
	return b.Bytes(), err
}

// zipped writes the same as tarball as a zip file, for Windows.
func zipped(folder string, files []string, when time.Time) ([]byte, error) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: inFolder(folder, file), Method: zip.Deflate, Modified: when})
		if err != nil {
			return nil, err
		}
		if _, err := w.Write(data); err != nil {
			return nil, err
		}
	}
	err := z.Close()
	return b.Bytes(), err
}

// inFolder returns the path of a file in the archive: manual pages are where man looks
// for them below a folder of its path.
func inFolder(folder, file string) string {
	if filepath.Ext(file) == ".1" {
		folder = path.Join(folder, "man", "man1")
	}
	return path.Join(folder, filepath.Base(file))
}

// mode returns the file mode of a program or of a manual page.
func mode(file string) int64 {
	if slices.Contains(papers, file) || filepath.Ext(file) == ".1" {
		return 0o644
	}
	return 0o755
}

// object is a JSON object.
type object = map[string]any

// billOfMaterials returns CycloneDX 1.6 of the modules in the programs, with the
// licences that docs/dependencies.md lists.
func billOfMaterials(version string, modules map[string]string, when time.Time) ([]byte, error) {
	text, err := os.ReadFile("docs/dependencies.md")
	if err != nil {
		return nil, err
	}
	licences := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^\| (\S+/\S+) \| ([^|(]+?) [|(]`).FindAllStringSubmatch(string(text), -1) {
		licences[m[1]] = m[2]
	}
	paths := make([]string, 0, len(modules))
	for p := range modules {
		paths = append(paths, p)
	}
	slices.Sort(paths)
	var components []object
	for _, p := range paths {
		c := object{"type": "library", "name": p, "version": modules[p], "purl": "pkg:golang/" + p + "@" + modules[p]}
		if l, ok := licences[p]; !ok {
			return nil, fmt.Errorf("docs/dependencies.md has no licence of %s", p)
		} else if !strings.Contains(l, " or ") {
			c["licenses"] = []object{{"license": object{"id": l}}}
		} else {
			c["licenses"] = []object{{"license": object{"name": l}}}
		}
		components = append(components, c)
	}
	components = append(components, object{"type": "platform", "name": "go", "version": strings.TrimPrefix(runtime.Version(), "go")})
	bill, err := json.MarshalIndent(object{
		"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
		"metadata": object{
			"timestamp": when.Format(time.RFC3339),
			"component": object{"type": "application", "name": "gfnbench", "version": version, "licenses": []object{{"license": object{"id": "MIT"}}}},
		},
		"components": components,
	}, "", "  ")
	return append(bill, '\n'), err
}

// checksums writes SHA256SUMS, which sha256sum -c reads.
func checksums(dir string, names []string) error {
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		f, err := os.Open(filepath.Join(dir, name))
		if err != nil {
			return err
		}
		h := sha256.New()
		_, err = io.Copy(h, f)
		f.Close()
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", h.Sum(nil), name)
	}
	return os.WriteFile(filepath.Join(dir, "SHA256SUMS"), []byte(b.String()), 0o644)
}
