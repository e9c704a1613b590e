const one = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const button = (text, from = document) => all("button", from).find((b) => b.textContent === text);
const settle = () => new Promise((done) => setTimeout(done, 100));
const until = async (holds) => {
  for (let i = 0; i < 200 && !holds(); i++) await settle();
};
const type = (input, text) => {
  input.value = text;
  input.dispatchEvent(new Event("input"));
};
const choose = (menu, value) => {
  menu.value = value;
  menu.dispatchEvent(new Event("change"));
};
const points = (path) => (path ? path.getAttribute("d").split("L").length : 0);

const box = one("[data-live]");
const chart = one("#figures [data-figure]");
const sheet = one("#tables .sheet");
const cells = one("[data-cells]");
await until(() => one(".mean", box));

// Use it.
button("l1", cells).click();
type(one("input[type=search]", cells), "vargrad grid");
one("tbody tr th button", cells).click();
choose(one("select[aria-label=Metric]", chart), "tv");
choose(one("select[aria-label=Against]", chart), "trajectories");
await settle();
button("TB", chart).click();
button("Log scale", chart).click();
button("Bands", chart).click();
one("details", chart).open = true;
button("tb", sheet).click();
type(one("input[type=search]", sheet), "g");
const claim = all(".claim")[1];
claim.open = true;
all("[data-verdict]", one("[data-verdicts]"))[0].click();
one(".opened .panel > svg", cells).scrollIntoView({ block: "center" });
await settle();
const svg = one(".panel > svg", chart);
const opened = one(".opened .panel > svg", cells);
opened.focus();
opened.dispatchEvent(new KeyboardEvent("keydown", { key: "End", bubbles: true }));

const state = () => ({
  running: points(one(".mean", box)),
  facts: one("dl", box).textContent,
  counts: all(".badge", one(".counts")).map((b) => b.textContent),
  lines: all(".legend button", chart).map((b) => b.textContent + " " + b.ariaPressed),
  means: all(".mean", one(".panel", chart)).map(points),
  bands: all(".band", chart).length,
  chosen: all("select", chart).map((s) => s.value),
  tools: all(".tools button[aria-pressed]", chart).map((b) => b.textContent + " " + b.ariaPressed),
  ends: all("tr", one("details[open]", chart)).map((r) => r.cells.length + " " + r.cells[0].textContent),
  head: all("thead th", sheet).map((h) => h.textContent + (h.ariaSort ? " " + h.ariaSort : "")),
  rows: all("tbody tr", sheet).map((r) => r.cells[0].textContent),
  cells: all("tbody tr", cells).map((r) => (r.classList.contains("opened") ? "opened, " + points(one(".mean", r)) + " points" : [...r.cells].slice(1, 6).map((c) => c.textContent).join(" "))),
  sorted: all("thead th", cells).filter((h) => h.ariaSort).map((h) => h.textContent + " " + h.ariaSort),
  typed: all("input[type=search]").map((i) => i.value),
  claims: all(".claim").map((c) => one(".id", c).textContent + (c.open ? " open" : "") + (c.hidden ? " hidden" : "")),
  focus: document.activeElement.ariaLabel,
  top: Math.round(document.activeElement.getBoundingClientRect().top),
});
const before = state();
const told = [];
new MutationObserver(() => told.push(one("#live").textContent)).observe(one("#live"), { childList: true });
await fetch("next");
await until(() => box.dataset.live === "2" && one("dl", box).textContent.includes("2"));
for (let i = 0; i < 30; i++) await settle();
const after = state();
const moved = Math.abs(after.top - before.top);
delete before.top;
delete after.top;
const changed = {};
for (const key of Object.keys(before)) if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) changed[key] = after[key];

return { before, changed, moved: moved > 1, told, same: [svg === one(".panel > svg", chart), chart.isConnected, claim === all(".claim")[1]] };
