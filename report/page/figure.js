// A figure: its panels, the menus of what they show, and the buttons that switch lines on
// and off.

// fewLines is up to how many lines are on at first; of more, one for each
// objective of every panel.
const fewLines = 24;

class Figure {
  // course is what grows in training on the horizontal axis, of a figure with menus.
  constructor(box, data, course = "step", bands = true) {
    this.labels = data.labels;
    this.course = course;
    this.bands = bands;
    this.groups = this.objectives();
    this.on = this.labels.map(() => this.labels.length <= fewLines);
    if (this.labels.length > fewLines) data.panels.forEach((p) => this.start(p));
    this.panels = data.panels.map((p) => new Panel(this, p));
    this.buttons = [];
    const panels = element("div", { class: data.facets ? "panels facets" : "panels" }, ...this.panels.map((p) => p.box));
    if (data.facets) panels.style.setProperty("--facets", data.facets);
    this.parts = [this.tools(), this.legend(), panels, this.values()];
    box.append(...this.parts);
    this.watch();
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

  // start switches on a line for each objective that a panel would show none of.
  start(panel) {
    const lines = new Set(panel.lines.map((l) => l.l));
    for (const g of this.groups) {
      const here = g.members.filter((i) => lines.has(i));
      if (here.length > 0 && !here.some((i) => this.on[i])) this.on[here[0]] = true;
    }
  }

  tools() {
    const toggle = (text, pressed, act) => {
      const b = element("button", { type: "button", "aria-pressed": String(pressed) }, text);
      b.addEventListener("click", () => {
        pressed = !pressed;
        b.setAttribute("aria-pressed", pressed);
        act(pressed);
        this.redraw();
      });
      return b;
    };
    const all = (value) => () => this.switch(this.labels.map((_, i) => i), value);
    const tools = element(
      "div", { class: "tools" },
      element("button", { type: "button", onclick: all(true) }, "All lines"),
      element("button", { type: "button", onclick: all(false) }, "No lines"),
      toggle("Log scale", this.panels.some((p) => p.log.y), (log) => this.panels.forEach((p) => (p.log.y = log))),
      toggle("Bands", this.bands, (bands) => (this.bands = bands))
    );
    if (this.labels.length > fewLines) {
      const filter = element("input", { type: "search", placeholder: "Find a line", "aria-label": "Find a line by its name" });
      filter.addEventListener("input", () => this.find(filter.value.toLowerCase()));
      tools.append(filter);
    }
    this.count = element("span", { class: "count" });
    tools.append(this.count);
    return tools;
  }

  legend() {
    const legend = element("div", { class: this.labels.length > fewLines ? "legend many" : "legend", role: "group", "aria-label": "Lines" });
    const grouped = this.groups.length > 1 && this.groups.length < this.labels.length;
    for (const g of this.groups) {
      if (grouped && g.members.length > 1) {
        const all = element("button", { type: "button", class: "objective" }, g.name);
        all.addEventListener("click", () => this.switch(g.members, !g.members.every((i) => this.on[i])));
        g.button = all;
        legend.append(all);
      }
      for (const i of g.members) {
        const label = this.labels[i];
        const b = element("button", { type: "button", "data-label": label.text }, swatch(label), breakable(label.text));
        b.addEventListener("click", () => this.switch([i], !this.on[i]));
        b.addEventListener("pointerenter", () => this.highlight(i));
        b.addEventListener("pointerleave", () => this.highlight(null));
        this.buttons[i] = b;
        legend.append(b);
      }
    }
    this.press();
    return legend;
  }

  find(word) {
    this.buttons.forEach((b, i) => (b.hidden = !this.labels[i].text.toLowerCase().includes(word)));
  }

  // switch turns lines on or off.
  switch(members, value) {
    for (const i of members) this.on[i] = value;
    this.press();
    this.redraw();
    say(`${this.on.filter(Boolean).length} of ${this.labels.length} lines`);
  }

  // keep leaves off what another figure has off.
  keep(other) {
    this.labels.forEach((l, i) => {
      const at = other.labels.findIndex((o) => o.text === l.text);
      if (at >= 0) this.on[i] = other.on[at];
    });
    this.press();
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
      if (details.querySelector("table")) return;
      const head = element("tr", {}, ...["line", ...this.panels.map((p) => p.data.title)].map((t) => element("th", { scope: "col" }, t)));
      const rows = this.labels.map((label, i) => element("tr", {}, element("th", { scope: "row" }, label.text), ...this.panels.map((p) => endOf(p, i))));
      const table = element("table", { "data-stub": 1 }, element("thead", {}, head), element("tbody", {}, ...rows));
      const scroll = element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "The ends of the lines" }, table);
      details.append(scroll);
      new Sheet(details);
    });
    return details;
  }

  // watch draws the panels one after the other, so that the page answers in
  // between, and again when their size changes.
  watch() {
    const sized = new ResizeObserver((entries) => {
      for (const e of entries) {
        const p = this.panels.find((p) => p.box === e.target);
        if (p.drawn && p.width !== p.box.clientWidth) p.draw();
      }
    });
    for (const p of this.panels) {
      setTimeout(() => p.drawn || p.draw());
      sized.observe(p.box);
    }
    addEventListener("beforeprint", () => this.panels.forEach((p) => p.drawn || p.draw()));
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
