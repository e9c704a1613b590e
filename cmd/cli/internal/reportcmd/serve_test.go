package reportcmd

import (
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gfnbench/report/reporttest"
	"gfnbench/report/serve"
	"gfnbench/sweep"
)

// asTraining makes the test binary train the suite of that path into the directory
// behind it, to be killed.
const asTraining = "GFNBENCH_TEST_TRAINS"

// trains trains what the environment asks for.
func trains(what string) int {
	suite, dir, _ := strings.Cut(what, "|")
	p, err := sweep.Load(suite, dir, sweep.Selection{})
	if err == nil {
		_, err = sweep.Run(context.Background(), p, sweep.Options{Silence: time.Second})
	}
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// long is a suite of one cell that no test sees the end of.
const long = `schema = 1
name = "long"
[run]
seeds = 1
steps = 100000000
batch = 8
eval_every = 4000
checkpoint_every = "200ms"
policy.hidden = [8]
[environment.grid]
kind = "hypergrid"
dim = 2
height = 4
[[grid]]
objective = ["tb"]
`

// serving serves directories and returns the address.
func serving(t *testing.T, dirs ...string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: serve.New(sourceOf(dirs), l.Addr())}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + l.Addr().String() + "/"
}

// browse opens an address in Chromium, see .ci/chromium.sh, and returns its document
// after some answers.
func browse(t *testing.T, url string, flags ...string) string {
	t.Helper()
	chromium := os.Getenv("GFNBENCH_CHROMIUM")
	if chromium == "" {
		t.Skip("GFNBENCH_CHROMIUM names no browser: run .ci/chromium.sh")
	}
	args := append([]string{"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--user-data-dir=" + t.TempDir(),
		"--dump-dom"}, flags...)
	c := exec.CommandContext(t.Context(), chromium, append(args, url)...)
	var dom bytes.Buffer
	c.Stdout, c.WaitDelay = &dom, 5*time.Second
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	return dom.String()
}

// curve returns the points of the curve in the section of what is running, and whether
// it is marked as stopped.
func curve(dom string) (points int, stopped bool) {
	_, running, _ := strings.Cut(dom, `<section id="running"`)
	running, _, _ = strings.Cut(running, "</section>")
	if m := regexp.MustCompile(`class="mean"[^>]* d="([^"]*)"|d="([^"]*)"[^>]*class="mean"`).FindStringSubmatch(running); m != nil {
		points = strings.Count(m[1]+m[2], "L") + 1
	}
	return points, strings.Contains(running, ", stopped")
}

// The curve of a cell that is being trained grows in the browser, is there after its
// process was killed, and goes on once it is continued.
func TestServeFollows(t *testing.T) {
	if os.Getenv("GFNBENCH_CHROMIUM") == "" {
		t.Skip("GFNBENCH_CHROMIUM names no browser: run .ci/chromium.sh")
	}
	folder := t.TempDir()
	suite, dir := filepath.Join(folder, "long.toml"), filepath.Join(folder, "long")
	if err := os.WriteFile(suite, []byte(long), 0o644); err != nil {
		t.Fatal(err)
	}
	var url string
	until := func(what string, holds func(points int, stopped bool) bool) (points int) {
		t.Helper()
		for deadline := time.Now().Add(3 * time.Minute); ; {
			dom := browse(t, url, "--virtual-time-budget=3000")
			points, stopped := curve(dom)
			if holds(points, stopped) {
				return points
			}
			if time.Now().After(deadline) {
				t.Fatalf("%s: %d points, stopped %t:\n%s", what, points, stopped, dom[:min(len(dom), 3000)])
			}
		}
	}
	train := func() *exec.Cmd {
		c := exec.Command(os.Args[0])
		c.Env = append(os.Environ(), asTraining+"="+suite+"|"+dir)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
		return c
	}
	child := train()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(50 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(dir, "suite.toml")); err == nil {
			break
		} else if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	url = serving(t, dir)
	first := until("a curve", func(points int, stopped bool) bool { return points > 1 && !stopped })
	until("it grows", func(points int, stopped bool) bool { return points > first && !stopped })
	_ = child.Process.Kill()
	_ = child.Wait()
	last := until("it is there after a kill", func(points int, stopped bool) bool { return points > first && stopped })
	train()
	until("it goes on", func(points int, stopped bool) bool { return points > last && !stopped })
}

// TestServeMany opens 10,000 cells where GFNBENCH_SOAK is set, within two seconds where
// GFNBENCH_GUARD says that the machine is idle.
func TestServeMany(t *testing.T) {
	if os.Getenv("GFNBENCH_SOAK") == "" {
		t.Skip("GFNBENCH_SOAK is not set")
	}
	dir := filepath.Join(t.TempDir(), "many")
	if err := reporttest.Write(dir, reporttest.Many(100), nil); err != nil {
		t.Fatal(err)
	}
	url := serving(t, dir)
	began := time.Now()
	if r, err := http.Get(url); err != nil || r.StatusCode != 200 {
		t.Fatal(err)
	}
	t.Logf("the first page was written in %v", time.Since(began).Round(time.Millisecond))
	dom := browse(t, url)
	m := regexp.MustCompile(`data-ready="(\d+)"`).FindStringSubmatch(dom)
	if m == nil {
		t.Fatal("the page does not say when it was ready")
	}
	t.Logf("opened in %s ms", m[1])
	if len(m[1]) > 4 || len(m[1]) == 4 && m[1] > "2000" && os.Getenv("GFNBENCH_GUARD") != "" {
		t.Errorf("opened in %s ms, want 2000 at most", m[1])
	}
}

// TestServeWhatHappens: while a directory is served, its results are damaged, one of its
// files becomes a link out of it, and it is removed. The page stays as it was, and says
// what is wrong. Two directories whose names and cells are the same are told apart. Nothing
// is written.
func TestServeWhatHappens(t *testing.T) {
	folder := t.TempDir()
	a, b := filepath.Join(folder, "a", "same"), filepath.Join(folder, "b", "same")
	for _, dir := range []string{a, b} {
		if err := reporttest.Write(dir, reporttest.Suite(t, "example"), nil); err != nil {
			t.Fatal(err)
		}
	}
	before := listing(t, folder)
	source := sourceOf([]string{a, b})
	live := func() serve.Live {
		source.Live = (&watched{dirs: []string{a, b}}).live // which has not just looked
		l, err := source.Live()
		if err != nil {
			l.Error = err.Error()
		}
		return l
	}
	if _, err := source.Page("1"); err != nil {
		t.Fatal(err)
	}
	if l := live(); len(l.Facts) < 2 || l.Facts[0][0] != a || l.Facts[2][0] != b || l.Error != "" {
		t.Errorf("%+v", l)
	}
	if after := listing(t, folder); after != before {
		t.Errorf("serving changed the directories from\n%s to\n%s", before, after)
	}

	fails := func(what string, want ...string) {
		t.Helper()
		_, err := source.Page("2")
		for _, w := range want {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("%s: the page says %v, want %q", what, err, w)
			}
		}
	}
	runs := filepath.Join(b, "runs.parquet")
	whole, err := os.ReadFile(runs)
	if err != nil {
		t.Fatal(err)
	}
	version := source.Version()
	if err := os.WriteFile(runs, whole[:len(whole)/2], 0o644); err != nil {
		t.Fatal(err)
	}
	if source.Version() == version {
		t.Error("damaged results have the same version")
	}
	fails("damaged results", runs)
	if err := os.WriteFile(runs, whole, 0o644); err != nil {
		t.Fatal(err)
	}

	suite, secret := filepath.Join(b, "suite.toml"), filepath.Join(folder, "secret")
	if err := os.WriteFile(secret, []byte("a secret"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(suite); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, suite); err != nil {
		t.Skip(err)
	}
	fails("a link", suite, "those are not followed: remove it")
	if l := live(); !strings.Contains(l.Error, suite) || strings.Contains(fmt.Sprint(l), "a secret") || l.Facts[0][0] != a {
		t.Errorf("%+v", l)
	}
	if err := os.RemoveAll(b); err != nil {
		t.Fatal(err)
	}
	fails("a directory that was removed", b, "no longer there")
	if l := live(); !strings.Contains(l.Error, "no longer there") || l.Facts[0][0] != a {
		t.Errorf("%+v", l)
	}
}

// listing names all files of a folder, with their sizes and when they were changed.
func listing(t *testing.T, folder string) string {
	t.Helper()
	var list strings.Builder
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		fmt.Fprintln(&list, path, info.Size(), info.ModTime())
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list.String()
}
