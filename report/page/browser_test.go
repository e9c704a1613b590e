package page

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"gfnbench/report/reporttest"
)

// browser returns a Chromium, see .ci/chromium.sh. Without one the test is skipped,
// unless GFNBENCH_REQUIRE_BROWSER is set.
func browser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{os.Getenv("GFNBENCH_CHROMIUM"), "chromium", "chromium-browser", "google-chrome"} {
		if name == "" {
			continue
		}
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("GFNBENCH_REQUIRE_BROWSER") != "" {
		t.Fatal("there is no Chromium: run .ci/chromium.sh")
	}
	t.Skip("SKIPPED: there is no Chromium, so nothing here tests the page's scripts: run .ci/chromium.sh")
	return ""
}

// visit opens a file in the browser, see visitURL.
func visit(t *testing.T, path string, flags ...string) (dom string, console []string) {
	t.Helper()
	return visitURL(t, "file://"+path, flags...)
}

// visitURL opens an address in the browser and returns its document once it has settled,
// and what it wrote to the console.
func visitURL(t *testing.T, url string, flags ...string) (dom string, console []string) {
	t.Helper()
	args := append([]string{
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
		"--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--user-data-dir=" + t.TempDir(),
		"--enable-logging=stderr", "--v=0", "--dump-dom",
	}, flags...)
	c := exec.CommandContext(t.Context(), browser(t), append(args, url)...)
	var stdout, stderr bytes.Buffer
	c.Stdout, c.Stderr = &stdout, &stderr
	c.WaitDelay = 5 * time.Second
	if err := c.Run(); err != nil {
		t.Fatalf("%v\n%s", err, stderr.String())
	}
	for line := range strings.Lines(stderr.String()) {
		if strings.Contains(line, "CONSOLE") {
			console = append(console, strings.TrimSpace(line))
		}
	}
	return stdout.String(), console
}

// rest lets virtual time pass for timers and observers.
const rest = "--virtual-time-budget=5000"

// act writes the page to a file, with a script that runs once it is drawn. What
// the script returns is put into the document.
func act(t *testing.T, page []byte, script string) (path string) {
	t.Helper()
	added := fmt.Sprintf(`<script>
addEventListener("load", () => setTimeout(async () => {
  let outcome;
  try { outcome = await (async () => {%s})(); } catch (e) { outcome = { error: String(e.stack) }; }
  const pre = document.createElement("pre");
  pre.id = "outcome";
  pre.textContent = JSON.stringify(outcome);
  document.body.append(pre);
  if (parent !== window) parent.postMessage(pre.textContent, "*");
}, 200));
</script></body>`, script)
	path = filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, bytes.Replace(page, []byte("</body>"), []byte(added), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

var outcomeElement = regexp.MustCompile(`<pre id="outcome">([^<]*)</pre>`)

// outcome reads into v what the script of act returned.
func outcome(t *testing.T, dom string, console []string, v any) {
	t.Helper()
	for _, line := range console {
		t.Errorf("console: %s", line)
	}
	m := outcomeElement.FindStringSubmatch(dom)
	if m == nil {
		t.Fatalf("the script did not end:\n%.2000s", dom)
	}
	text := html.UnescapeString(m[1])
	if strings.HasPrefix(text, `{"error":`) {
		t.Fatal(text)
	}
	if err := json.Unmarshal([]byte(text), v); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// TestConsole opens the page without doing anything.
func TestConsole(t *testing.T) {
	path := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(path, write(t, example(t)), 0o644); err != nil {
		t.Fatal(err)
	}
	dom, console := visit(t, path, rest)
	for _, line := range console {
		t.Error(line)
	}
	for _, want := range []string{`class="mean"`, `class="band"`, `class="markers"`, "24 cells"} {
		if !strings.Contains(dom, want) {
			t.Errorf("the drawn page has no %s", want)
		}
	}
}

// TestScripts uses the page: it sorts, filters and swaps a table, switches lines
// off and on, reads values by pointer and by keyboard, filters cells and claims,
// and changes the theme.
func TestScripts(t *testing.T) {
	script := readFile(t, "testdata/use.js")
	dom, console := visit(t, act(t, write(t, example(t)), script), rest, "--window-size=1200,900")
	var got map[string]any
	outcome(t, dom, console, &got)
	b, err := json.MarshalIndent(got, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "use.golden", append(b, '\n'))
}

// TestParallelCoordinates goes from arm to arm, and through the settings of one.
func TestParallelCoordinates(t *testing.T) {
	p, err := Make(reporttest.Tuned(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	script := `
  const box = document.querySelector("[data-arms]");
  const text = () => [box.querySelector(".note").textContent, box.querySelectorAll("[data-setting]").length, box.querySelectorAll("text").length > 4];
  const seen = [text()];
  const next = [...box.querySelectorAll("button")].find((b) => b.textContent === "Next arm");
  next.click();
  next.click();
  seen.push(text());
  for (const key of ["End", "ArrowUp", "ArrowDown", "ArrowUp"]) box.querySelector("svg").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  seen.push(text());
  return seen;`
	dom, console := visit(t, act(t, write(t, p), script), rest, "--window-size=1200,900")
	var got [][]any
	outcome(t, dom, console, &got)
	want := "[[lr=0.01, log_z_lr=1: l1 0.1030, the chosen setting 6 true] [lr=0.1: l1 0.05050, the chosen setting 6 true] [lr=0.0001: l1 0.6905, cut at step 4 6 true]]"
	if text := fmt.Sprint(got); text != want {
		t.Errorf("%s, want %s", text, want)
	}
}

// TestPhone looks at the page in a frame as wide as a phone: nothing but boxes
// that scroll is wider.
func TestPhone(t *testing.T) {
	script := `
  const wide = [...document.querySelectorAll("body *")].filter((e) => {
    const r = e.getBoundingClientRect();
    return r.width > 0 && r.right > innerWidth + 1 && !e.closest(".scroll, pre, .hidden, .skip");
  });
  return { inner: innerWidth, page: document.documentElement.scrollWidth, wide: wide.map((e) => e.tagName + "." + e.className), svg: document.querySelector(".panel > svg").getBoundingClientRect().width };`
	path := act(t, write(t, example(t)), script)
	frame := `<!doctype html><iframe src="page.html" width="360" height="800" style="border:0"></iframe>
<script>addEventListener("message", (e) => { const pre = document.createElement("pre"); pre.id = "outcome"; pre.textContent = e.data; document.body.append(pre); });</script>`
	outer := filepath.Join(filepath.Dir(path), "frame.html")
	if err := os.WriteFile(outer, []byte(frame), 0o644); err != nil {
		t.Fatal(err)
	}
	dom, console := visit(t, outer, rest)
	var got struct {
		Inner, Page int
		Wide        []string
		SVG         float64
	}
	outcome(t, dom, console, &got)
	if got.Inner != 360 || got.Page > 360 || len(got.Wide) > 0 || got.SVG < 300 || got.SVG > 360 {
		t.Errorf("at 360 pixels: %+v", got)
	}
}

// TestScreenshots writes pictures of the page for people to look at if
// GFNBENCH_SCREENSHOTS names a folder: light, dark and as wide as a small window.
func TestScreenshots(t *testing.T) {
	folder := os.Getenv("GFNBENCH_SCREENSHOTS")
	if folder == "" {
		t.Skip("GFNBENCH_SCREENSHOTS names no folder")
	}
	for _, theme := range []string{"light", "dark"} {
		path := act(t, write(t, example(t)), `document.documentElement.dataset.theme = "`+theme+`"; return {};`)
		for _, width := range []string{"500", "1200"} {
			visit(t, path, rest, "--window-size="+width+",3000", "--screenshot="+filepath.Join(folder, theme+"-"+width+".png"))
		}
	}
}

// TestManyCells opens a page of a thousand cells, or of ten thousand if GFNBENCH_SOAK is
// set, and has it draw everything. If GFNBENCH_GUARD says that the machine is idle, it
// must take less than five seconds.
func TestManyCells(t *testing.T) {
	browser(t)
	dir := filepath.Join(t.TempDir(), "many")
	learningRates := 10
	if os.Getenv("GFNBENCH_SOAK") != "" {
		learningRates = 100
	}
	if err := reporttest.Write(dir, reporttest.Many(learningRates), nil); err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	page := write(t, pageOf(t, dir))
	t.Logf("made in %v, %d kB", time.Since(start).Round(time.Millisecond), len(page)/1000)
	path := filepath.Join(t.TempDir(), "page.html")
	timed := `<script>
dispatchEvent(new Event("beforeprint"));
const pre = document.createElement("pre");
pre.id = "outcome";
pre.textContent = JSON.stringify({ cells: document.querySelector("#cells .count").textContent, milliseconds: performance.now() });
document.body.append(pre);
</script></body>`
	if err := os.WriteFile(path, bytes.Replace(page, []byte("</body>"), []byte(timed), 1), 0o644); err != nil {
		t.Fatal(err)
	}
	dom, console := visit(t, path)
	var got struct {
		Cells        string
		Milliseconds float64
	}
	outcome(t, dom, console, &got)
	t.Logf("opened in %.0f ms", got.Milliseconds)
	if got.Cells != fmt.Sprintf("%d cells", 100*learningRates) || got.Milliseconds > 5000 && os.Getenv("GFNBENCH_GUARD") != "" {
		t.Errorf("%+v", got)
	}
}

// TestPrint: on paper nothing is wider than the page, which would make all of it smaller,
// panels are drawn at the size that they have there, so no letter is smaller than 7 points, and
// menus are left out.
func TestPrint(t *testing.T) {
	page := write(t, example(t))
	paper := bytes.Replace(page, []byte("@media print"), []byte("@media all"), 1)
	if bytes.Equal(page, paper) {
		t.Fatal("the page has no style for paper")
	}
	const script = `dispatchEvent(new Event("beforeprint"));
const shown = (all) => [...document.querySelectorAll(all)].filter((e) => e.getClientRects().length > 0).length;
const least = Math.min(...[...document.querySelectorAll(".panel > svg")].map((e) => e.getBoundingClientRect().width / e.viewBox.baseVal.width * parseFloat(getComputedStyle(e).fontSize)));
return { page: document.documentElement.clientWidth, content: document.documentElement.scrollWidth, least, menus: shown("nav, .tools, .save"), heads: shown(".sheet thead th") };`
	dom, console := visit(t, act(t, paper, script), "--window-size=740,1000", rest)
	var got struct {
		Page, Content, Least float64
		Menus, Heads         int
	}
	outcome(t, dom, console, &got)
	const pixel = 0.75 // points
	if got.Content > got.Page || got.Least*pixel < 7 || got.Menus > 0 || got.Heads == 0 {
		t.Errorf("%+v", got)
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
