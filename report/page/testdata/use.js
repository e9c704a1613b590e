const one = (selector, from = document) => from.querySelector(selector);
const all = (selector, from = document) => [...from.querySelectorAll(selector)];
const button = (text, from = document) => all("button", from).find((b) => b.textContent === text);
const type = (input, text) => {
  input.value = text;
  input.dispatchEvent(new Event("input"));
};
const seen = {};
const sheet = one("#tables .sheet");
const grid = () => all("tr", one("table", sheet)).map((r) => all("th, td", r).map((c) => c.textContent).join(" | "));

seen.table = grid();
button("Swap rows and columns", sheet).click();
seen.swapped = grid();
button("grid", sheet).click();
seen.ascending = grid().slice(1).map((r) => r.split(" | ")[0]);
seen.sort = all("th[aria-sort]", sheet).map((h) => h.textContent + " " + h.ariaSort);
seen.focus = document.activeElement.textContent;
button("grid", sheet).click();
seen.descending = grid().slice(1).map((r) => r.split(" | ")[0]);
type(one("input", sheet), "reverse");
seen.filtered = grid().slice(1).map((r) => r.split(" | ")[0]);
seen.live = one("#live").textContent;

const chart = one(".chart");
const lines = () => all(".panel", chart).map((p) => all("[data-line]", p).length);
const style = (e) => getComputedStyle(e);
seen.lines = lines();
seen.bands = all(".band", chart).length;
seen.ends = all(".end", chart).length;
seen.styles = all("[data-line]", one(".panel", chart)).map((g) => style(one(".mean", g)).stroke + " " + (one(".mean", g).getAttribute("stroke-dasharray") || "solid"));
button("TB", chart).click();
seen.withoutTB = lines();
seen.pressed = all(".legend button", chart).map((b) => b.textContent + " " + b.ariaPressed);
button("reverse KL", chart).click();
seen.withoutObjective = lines();
button("No lines", chart).click();
seen.none = lines();
button("All lines", chart).click();
seen.all = lines();
button("Bands", chart).click();
seen.withoutBands = all(".band", chart).length;
button("Bands", chart).click();
const ticks = () => all("text", one(".panel > svg", chart)).map((t) => t.textContent);
seen.logTicks = ticks();
button("Log scale", chart).click();
seen.linearTicks = ticks();
button("Log scale", chart).click();

const plot = one(".panel > svg", chart);
const frame = plot.getBoundingClientRect();
plot.dispatchEvent(new PointerEvent("pointermove", { clientX: frame.left + frame.width / 2, clientY: frame.top + 40, bubbles: true }));
const tip = one(".tip", chart);
seen.tip = { hidden: tip.hidden, below: tip.getBoundingClientRect().top >= plot.getBoundingClientRect().bottom - 1, rows: [...tip.children].map((r) => r.textContent) };
plot.dispatchEvent(new PointerEvent("pointerleave"));
seen.tipAfter = tip.hidden;
for (const key of ["End", "ArrowLeft"]) plot.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
seen.keyboard = one("#live").textContent;

const ends = one("details", chart);
ends.open = true;
await new Promise((done) => setTimeout(done, 100));
seen.endsTable = all("tr", ends).map((r) => all("th, td", r).map((c) => c.textContent).join(" | "));

const chosen = (name) => one(`select[aria-label="${name}"]`, chart);
const choose = (name, value) => {
  chosen(name).value = value;
  chosen(name).dispatchEvent(new Event("change"));
};
const settle = () => new Promise((done) => setTimeout(done, 100));
const axes = () => { const t = all("text", one(".panel > svg", chart)); return t.slice(-2).map((e) => e.textContent); };
const menu = (name) => [...chosen(name).options].map((o) => o.textContent);
seen.metrics = menu("Metric");
seen.against = menu("Against");
button("TB", chart).click();
choose("Against", "trajectories");
await settle();
seen.trajectories = [...axes(), ticks().slice(-4, -2)];
choose("Metric", "tv");
await settle();
seen.tv = [...axes(), chosen("Against").value, all(".legend button", chart).map((b) => b.textContent + " " + b.ariaPressed)];
choose("Against", "seconds");
await settle();
seen.seconds = [...axes(), lines()];

const cells = one("[data-cells]");
const count = () => one(".count", cells).textContent;
seen.cells = count();
seen.columns = all("thead th", cells).map((h) => h.textContent);
type(one("input[type=search]", cells), "tb seed=1");
seen.cellsFiltered = count();
type(one("input[type=search]", cells), "height=4 l1<0.12 seed>=1 objective!=tb");
seen.cellsCompared = all("tbody tr", cells).map((r) => [...r.cells].slice(1, 5).map((c) => c.textContent).join(" "));
type(one("input[type=search]", cells), "");
const status = one("select", cells);
seen.statuses = [...status.options].map((o) => o.textContent);
status.value = "failed";
status.dispatchEvent(new Event("change"));
seen.failed = all("tbody tr", cells).map((r) => r.cells[r.cells.length - 1].textContent);
status.value = "";
status.dispatchEvent(new Event("change"));
const opener = one("tbody tr th button", cells);
opener.click();
await settle();
const opened = one(".opened", cells);
for (let i = 0; i < 50 && all("svg .mean", opened).length === 0; i++) await settle(); // it is drawn once it has a size
seen.opened = [opener.ariaExpanded, all("svg .mean", opened).length, all("dl div", opened).slice(0, 4).map((d) => d.textContent), all("p", opened).map((p) => p.textContent.replace(/[0-9.e·⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+ s,?/, "… s"))];
opener.click();
seen.closed = [opener.ariaExpanded, all(".opened", cells).length];
const l1 = all("thead th", cells).findIndex((h) => h.textContent === "l1");
button("l1", cells).click();
const values = all("tbody tr", cells).map((r) => r.cells[l1].textContent);
const present = values.filter((v) => v !== "").map(Number);
seen.sortedCells = present.every((v, i) => i === 0 || present[i - 1] <= v) && values.slice(present.length).every((v) => v === "");
seen.emptyLast = values.length - present.length;

const saved = [];
const click = HTMLAnchorElement.prototype.click;
HTMLAnchorElement.prototype.click = function () {
  saved.push(this.download, decodeURIComponent(this.href.split(",")[1]));
};
button("Save as CSV", sheet).click();
button("SVG", chart).click();
HTMLAnchorElement.prototype.click = click;
seen.csv = [saved[0], ...saved[1].split("\n").slice(0, 3)];
seen.svg = [saved[2], new DOMParser().parseFromString(saved[3], "image/svg+xml").documentElement.tagName];

const badge = one("[data-verdicts] [data-verdict]");
badge.click();
seen.claims = all(".claim").map((c) => one(".id", c).textContent + (c.hidden ? " hidden" : ""));
badge.click();
button("Open all").click();
seen.open = all(".claim").map((c) => c.open);

const theme = one("#theme");
const paper = () => style(document.body).backgroundColor;
seen.themes = [theme.textContent, paper()];
theme.click();
theme.click();
seen.themes.push(theme.textContent, paper());

seen.unnamed = all("button, input, select, [role=region], [role=img], [role=group]").filter((e) => !(e.textContent.trim() || e.ariaLabel || e.closest("label"))).map((e) => e.outerHTML);
seen.unreachable = all("button, input, select, .scroll, .panel > svg").filter((e) => e.tabIndex < 0).map((e) => e.outerHTML);
return seen;
