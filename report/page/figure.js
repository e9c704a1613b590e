// A figure: its panels, the menus of what they show, and the buttons that switch lines on
// and off.

// fewLines is up to how many lines are on at first; of more, one for each
// objective of every panel.
const fewLines = 24;

class Figure {
  // course is what grows in training on the horizontal axis, of a figure with menus.
  constructor(box, data, course = "step") {
    this.bands = true;
    this.log = null; // vertical axes: all logarithmic, all linear, or as the panels are made
    this.labels = [];
    this.on = [];
    this.panels = [];
    this.buttons = [];
    this.legend = element("div", { role: "group", "aria-label": "Lines" });
    this.plots = element("div", {});
    this.sized = new ResizeObserver((entries) => {
      for (const e of entries) {
        const p = this.panels.find((p) => p.box === e.target);
        if (p && p.drawn && p.width !== p.box.clientWidth) p.draw();
      }
    });
    addEventListener("beforeprint", () => this.panels.forEach((p) => p.draw(printed)));
    addEventListener("afterprint", () => this.panels.forEach((p) => p.draw()));
    this.parts = [this.tools(), this.legend, this.plots, this.values()];
    box.append(...this.parts);
    this.update(data, course);
  }

  // update shows other data. What was there before stays as it is: lines that are
  // switched off, panels and where one reads in them.
  update(data, course = this.course) {
    const before = this.labels;
    const was = new Map(before.map((l, i) => [l.text, this.on[i]]));
    const few = data.labels.length <= fewLines;
    this.course = course;
    this.labels = data.labels;
    this.groups = this.objectives();
    this.on = this.labels.map((l) => was.get(l.text) ?? few);
    if (!few) data.panels.forEach((p) => this.start(p, was));
    if (JSON.stringify(before) !== JSON.stringify(this.labels)) hold(() => this.fill());
    this.press();
    this.plots.className = data.facets ? "panels facets" : "panels";
    this.plots.style.setProperty("--facets", data.facets || 1);
    this.place(data.panels);
    this.scale.setAttribute("aria-pressed", this.log ?? this.panels.some((p) => p.log.y));
    if (this.sheet) this.sheet.show(this.endsTable());
  }

  // place draws the panels that are there again. It draws new ones one after the other,
  // so that the page answers in between, and again when their size changes.
  place(panels) {
    const old = new Map(this.panels.map((p) => [p.data.title, p]));
    this.panels = panels.map((data) => {
      const p = old.get(data.title) || new Panel(this, data);
      if (!old.delete(data.title)) {
        this.sized.observe(p.box);
        setTimeout(() => p.drawn || p.draw());
      }
      p.data = data;
      return p;
    });
    old.forEach((p) => this.sized.unobserve(p.box));
    arrange(this.plots, this.panels.map((p) => p.box));
    this.redraw();
  }

  // objectives are the labels by objective; each on its own where they are of
  // none in particular.
  objectives() {
    const groups = new Map();
    this.labels.forEach((l, i) => {
      const key = l.objective || "\0" + i;
      if (!groups.has(key)) groups.set(key, { name: l.objective, members: [] });
      groups.get(key).members.push(i);
    });
    for (const g of groups.values()) { // as its lines are called: "reverse KL (leave-one-out)"
      const names = new Set(g.members.map((i) => this.labels[i].text.split(" (")[0]));
      if (names.size === 1) [g.name] = names;
    }
    return [...groups.values()];
  }

  // start switches on a line for each objective that a panel would show none of, unless
  // somebody switched them off.
  start(panel, was) {
    const lines = new Set(panel.lines.map((l) => l.l));
    for (const g of this.groups) {
      if (g.members.some((i) => was.has(this.labels[i].text))) continue;
      const here = g.members.filter((i) => lines.has(i));
      if (here.length > 0 && !here.some((i) => this.on[i])) this.on[here[0]] = true;
    }
  }

  tools() {
    const toggle = (text, value, set) => {
      const b = element("button", { type: "button", "aria-pressed": String(value) }, text);
      b.addEventListener("click", () => {
        const pressed = b.getAttribute("aria-pressed") !== "true";
        b.setAttribute("aria-pressed", pressed);
        set(pressed);
        this.redraw();
      });
      return b;
    };
    const all = (value) => () => this.switch(this.labels.map((_, i) => i), value);
    this.scale = toggle("Log scale", false, (log) => (this.log = log));
    this.filter = element("input", { type: "search", placeholder: "Find a line", "aria-label": "Find a line by its name" });
    this.filter.addEventListener("input", () => this.find());
    this.count = element("span", { class: "count" });
    return element(
      "div", { class: "tools" },
      element("button", { type: "button", onclick: all(true) }, "All lines"),
      element("button", { type: "button", onclick: all(false) }, "No lines"),
      this.scale, toggle("Bands", true, (bands) => (this.bands = bands)), this.filter, this.count
    );
  }

  // fill fills the legend with the labels.
  fill() {
    const many = this.labels.length > fewLines;
    this.legend.className = many ? "legend many" : "legend";
    this.legend.replaceChildren();
    this.buttons = [];
    const grouped = this.groups.length > 1 && this.groups.length < this.labels.length;
    for (const g of this.groups) {
      if (grouped && g.members.length > 1) {
        const all = element("button", { type: "button", class: "objective", "data-key": "all " + g.name }, g.name);
        all.addEventListener("click", () => this.switch(g.members, !g.members.every((i) => this.on[i])));
        g.button = all;
        this.legend.append(all);
      }
      for (const i of g.members) {
        const label = this.labels[i];
        const b = element("button", { type: "button", "data-label": label.text, "data-key": label.text }, swatch(label), breakable(label.text));
        b.addEventListener("click", () => this.switch([i], !this.on[i]));
        b.addEventListener("pointerenter", () => this.highlight(i));
        b.addEventListener("pointerleave", () => this.highlight(null));
        this.buttons[i] = b;
        this.legend.append(b);
      }
    }
    this.filter.hidden = !many;
    this.find();
  }

  find() {
    const word = this.filter.hidden ? "" : folded(this.filter.value);
    this.buttons.forEach((b, i) => (b.hidden = !folded(this.labels[i].text).includes(word)));
  }

  // switch turns lines on or off.
  switch(members, value) {
    for (const i of members) this.on[i] = value;
    this.press();
    this.redraw();
    say(`${this.on.filter(Boolean).length} of ${this.labels.length} lines`);
  }

  // press shows on the buttons which lines are on.
  press() {
    this.buttons.forEach((b, i) => b.setAttribute("aria-pressed", this.on[i]));
    for (const g of this.groups) {
      if (!g.button) continue;
      const on = g.members.filter((i) => this.on[i]).length;
      g.button.setAttribute("aria-pressed", on === 0 ? "false" : on < g.members.length ? "mixed" : "true");
    }
    const on = this.on.filter(Boolean).length;
    this.count.textContent = on < this.labels.length ? `${on} of ${this.labels.length} lines` : "";
  }

  highlight(label) {
    for (const p of this.panels) for (const g of p.box.querySelectorAll("[data-line]")) g.classList.toggle("faded", label !== null && this.on[label] && g.dataset.line !== String(label));
  }

  // values are the last point of every line, as a table that is made when it is
  // opened.
  values() {
    const details = element("details", {}, element("summary", {}, "The ends of the lines as a table"));
    details.addEventListener("toggle", () => {
      if (this.sheet) return;
      details.append(element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "The ends of the lines" }, this.endsTable()));
      this.sheet = new Sheet(details);
    });
    return details;
  }

  endsTable() {
    const head = element("tr", {}, ...["line", ...this.panels.map((p) => p.data.title)].map((t) => element("th", { scope: "col" }, t)));
    const rows = this.labels.map((label, i) => element("tr", {}, element("th", { scope: "row" }, label.text), ...this.panels.map((p) => endOf(p, i))));
    return element("table", { "data-stub": 1 }, element("thead", {}, head), element("tbody", {}, ...rows));
  }

  redraw() {
    for (const p of this.panels) if (p.drawn) p.draw();
  }
}

// breakable is a name that may be broken after each of its parts.
function breakable(name) {
  return element("span", {}, ...name.split(/(?<=\/)/).flatMap((part) => [part, element("wbr")]));
}

// endOf is a field with the last value of a line.
function endOf(panel, label) {
  const line = panel.data.lines.find((l) => l.l === label);
  if (!line) return element("td");
  let i = line.m.length - 1;
  while (i >= 0 && line.m[i] === null) i--;
  if (i < 0) return element("td", {}, "–");
  const interval = line.lo && line.lo[i] !== null ? ` [${show(line.lo[i], 3)}, ${show(line.hi[i], 3)}]` : "";
  return element("td", { "data-v": line.m[i] }, show(line.m[i]), element("small", {}, interval));
}
