// One plot: lines, their bands and markers, and the values under the pointer.

const markerPaths = {
  circle: (x, y) => `M${x - 2.6} ${y}a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0-5.2 0`,
  square: (x, y) => `M${x - 2.4} ${y - 2.4}h4.8v4.8h-4.8z`,
  triangle: (x, y) => `M${x} ${y - 3.2}l3 5.2h-6z`,
  cross: (x, y) => `M${x - 2.6} ${y - 2.6}l5.2 5.2m0-5.2l-5.2 5.2`,
  plus: (x, y) => `M${x - 3} ${y}h6m-3-3v6`,
};

function markerPath(name, x, y) {
  return markerPaths[name.replace("open-", "")](round(x), round(y));
}

// paint gives an element its line's colour. Black would vanish on dark paper.
function paint(e, color, filled) {
  const visible = color === "#000000" ? "var(--ink)" : color;
  e.style.stroke = visible;
  e.style.fill = filled ? visible : "none";
  return e;
}

// light returns SVG text in the colours of the light page.
function light(text) {
  const one = "(rgb\\([^)]*\\)|#[0-9a-f]+)";
  return text.replaceAll("var(--ink)", "#1a1d21").replaceAll(new RegExp(`light-dark\\(${one}, ${one}\\)`, "g"), "$1");
}

const margin = { left: 52, right: 18, top: 24, bottom: 36 };
const markersOfLine = 7;
const linesOfTip = 12;
const printed = 345; // width of a panel on paper, of which a page has two

class Panel {
  constructor(figure, data) {
    this.figure = figure;
    this.data = data;
    this.tip = element("div", { class: "tip", "aria-hidden": "true", hidden: true });
    const save = element("button", { type: "button", class: "save", "aria-label": `Save ${data.title} as SVG`, title: "Save as SVG", onclick: () => this.save() }, "SVG");
    this.box = element("div", { class: "panel" }, element("h4", {}, data.title, save), this.tip);
    this.root = this.plot();
    this.cursor = null; // the horizontal position that is read out
    this.drawn = false;
  }

  // log says which axes are logarithmic.
  get log() {
    return { x: this.data.logX, y: this.figure.log ?? this.data.logY };
  }

  // plot is what is drawn on. It stays, so the keyboard's focus and a finger on it do, too.
  plot() {
    const root = svg("svg", { tabindex: 0, role: "img" });
    root.addEventListener("pointermove", (e) => this.point(e));
    root.addEventListener("pointerdown", (e) => this.point(e));
    root.addEventListener("pointerleave", () => this.hide());
    root.addEventListener("keydown", (e) => this.key(e));
    root.addEventListener("blur", () => this.hide());
    return root;
  }

  // save downloads the plot as it is shown, in the colours of the light page.
  save() {
    const copy = this.root.cloneNode(true);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", copy.viewBox.baseVal.width);
    copy.prepend(svg("style", {}, "svg{font:11px sans-serif}text{fill:#59626b}.axis{stroke:#59626b;fill:none}.gridline{stroke:#e8e8e8}.band{fill-opacity:.17}.mean{stroke-width:1.6;fill:none}"));
    download(this.data.title + ".svg", "image/svg+xml", light(copy.outerHTML));
  }

  // xs are the horizontal positions of a line's points, in what the figure has there.
  xs(line) {
    const grid = this.data.grids[line.g];
    const factor = { trajectories: 0, seconds: 1 }[this.figure.course];
    return factor === undefined || !line.per ? grid : grid.map((x) => x * line.per[factor]);
  }

  // horizontal names what is on the horizontal axis.
  get horizontal() {
    return this.figure.course === "step" ? this.data.x : courses[this.figure.course];
  }

  // lines are those switched on that have something to show.
  lines() {
    return this.data.lines.filter((l) => this.figure.on[l.l]);
  }

  draw(width = Math.max(this.box.clientWidth, 240)) {
    if (!this.drawn) this.box.insertBefore(this.root, this.tip);
    this.drawn = true;
    this.width = this.box.clientWidth;
    const height = clamp(Math.round(width * 0.66), 200, 300);
    const lines = this.lines();
    this.scales(lines, width, height);
    fill(this.root, {
      viewBox: `0 0 ${width} ${height}`, height,
      "aria-label": `${this.data.title}: ${this.data.y} against ${this.horizontal}, ${lines.length} lines. Left and right arrow keys read the values.`,
    }, []);
    this.root.replaceChildren();
    if (lines.length > 0) this.axes(this.root, width, height);
    else this.root.append(svg("text", { x: width / 2, y: height / 2, "text-anchor": "middle" },
      this.data.lines.length > 0 ? "none of the lines here is switched on" : "no values"));
    if (this.figure.bands) for (const l of lines) this.root.append(...this.band(l));
    lines.forEach((l, i) => this.root.append(...this.line(l, i)));
    this.overlay = svg("g", { "aria-hidden": "true" });
    this.root.append(this.overlay);
    if (this.cursor !== null && this.positions().includes(this.cursor)) this.read(this.cursor, this.pixel);
    else this.hide();
  }

  scales(lines, width, height) {
    const x = { low: Infinity, high: -Infinity };
    const y = { low: Infinity, high: -Infinity };
    const include = (range, value, log) => {
      if (value === null || value === undefined || (log && value <= 0)) return;
      range.low = Math.min(range.low, value);
      range.high = Math.max(range.high, value);
    };
    const someX = this.log.x && lines.some((l) => this.xs(l).some((v) => v > 0));
    const someY = this.log.y && lines.some((l) => l.m.some((v) => v > 0));
    for (const l of lines) {
      for (const v of this.xs(l)) include(x, v, someX);
      for (const v of l.m) include(y, v, someY);
      if (this.figure.bands) for (const v of l.hi || []) include(y, v, someY);
      if (this.figure.bands) for (const v of l.lo || []) include(y, v, someY);
    }
    widen(x, someX);
    widen(y, someY);
    if (someY) [y.low, y.high] = [y.low * 0.9, y.high * 1.1];
    else if (y.low > 0 && y.low < 0.5 * y.high) y.low = 0;
    else [y.low, y.high] = [y.low - 0.04 * (y.high - y.low), y.high + 0.04 * (y.high - y.low)];
    this.x = new Scale(x.low, x.high, margin.left, width - margin.right, someX);
    this.y = new Scale(y.low, y.high, height - margin.bottom, margin.top, someY);
  }

  axes(root, width, height) {
    const grid = svg("g", {});
    const bottom = height - margin.bottom;
    for (const t of this.y.ticks(5)) {
      const y = round(this.y.at(t.value));
      grid.append(svg("path", { class: "gridline", d: `M${margin.left} ${y}H${width - margin.right}` }));
      grid.append(svg("text", { x: margin.left - 6, y: y + 4, "text-anchor": "end" }, t.label));
    }
    for (const t of this.x.ticks(width < 340 ? 4 : 6)) {
      const x = round(this.x.at(t.value));
      grid.append(svg("path", { class: "gridline", d: `M${x} ${margin.top}V${bottom}` }));
      grid.append(svg("text", { x, y: bottom + 14, "text-anchor": "middle" }, t.label));
    }
    grid.append(
      svg("path", { class: "axis", d: `M${margin.left} ${margin.top}V${bottom}H${width - margin.right}` }),
      svg("text", { x: 2, y: 13 }, this.data.y),
      svg("text", { x: (margin.left + width - margin.right) / 2, y: height - 5, "text-anchor": "middle" }, this.horizontal)
    );
    root.append(grid);
  }

  // stretches are the runs of points without a gap.
  stretches(line, at) {
    const list = [[]];
    this.xs(line).forEach((x, i) => {
      const p = this.x.shows(x) ? at(i, this.x.at(x)) : null;
      if (p) list[list.length - 1].push(p);
      else if (list[list.length - 1].length) list.push([]);
    });
    return list.filter((s) => s.length);
  }

  band(line) {
    if (!line.lo) return [];
    const bottom = this.y.from;
    return this.stretches(line, (i, x) => {
      const [low, high] = [line.lo[i], line.hi[i]];
      if (low === null || !this.y.shows(high)) return null;
      return [x, Math.min(bottom, this.y.shows(low) ? this.y.at(low) : bottom), this.y.at(high)];
    }).map((s) => {
      const path = svg("path", { class: "band", d: polyline(s.map((p) => [p[0], p[2]])) + polyline(s.reverse().map((p) => [p[0], p[1]])).replace("M", "L") + "z" });
      path.style.fill = paint(path, this.figure.labels[line.l].color, true).style.fill;
      path.style.stroke = "none";
      return path;
    });
  }

  line(line, index) {
    const style = this.figure.labels[line.l];
    const stretches = this.stretches(line, (i, x) => (this.y.shows(line.m[i]) ? [x, this.y.at(line.m[i]), i] : null));
    const points = stretches.flat();
    const every = Math.max(1, Math.floor(line.m.length / markersOfLine));
    const marked = points.filter((p) => points.length === 1 || p[2] % every === index % every);
    const group = svg("g", { "data-line": line.l });
    group.append(
      paint(svg("path", { class: "mean", "stroke-dasharray": style.dashes || null, d: stretches.map(polyline).join("") }), style.color, false),
      paint(svg("path", { class: "markers", d: marked.map((p) => markerPath(style.marker, p[0], p[1])).join("") }), style.color, !style.marker.startsWith("open-"))
    );
    if (line.d && points.length) {
      const [x, y] = points[points.length - 1].map(round);
      group.append(paint(svg("path", { class: "end", d: `M${x - 5} ${y - 5}l10 10m0-10l-10 10` }), style.color, false));
    }
    return [group];
  }

  point(event) {
    const frame = this.root.getBoundingClientRect();
    const scale = this.root.viewBox.baseVal.width / frame.width;
    this.read(this.nearest((event.clientX - frame.left) * scale), (event.clientY - frame.top) * scale);
  }

  // positions are all horizontal positions of the lines that are on.
  positions() {
    return [...new Set(this.lines().flatMap((l) => this.xs(l)))].filter((x) => this.x.shows(x)).sort((a, b) => a - b);
  }

  nearest(pixel) {
    let best = null;
    for (const x of this.positions()) if (best === null || Math.abs(this.x.at(x) - pixel) < Math.abs(this.x.at(best) - pixel)) best = x;
    return best;
  }

  key(event) {
    const positions = this.positions();
    const now = positions.indexOf(this.cursor);
    const to = { ArrowRight: now + 1, ArrowLeft: now < 0 ? positions.length - 1 : now - 1, Home: 0, End: positions.length - 1 }[event.key];
    if (event.key === "Escape") this.hide();
    if (to === undefined || !positions.length) return;
    event.preventDefault();
    say(this.read(positions[clamp(to, 0, positions.length - 1)], null));
  }

  // read shows the values at a horizontal position, the best first, and returns them as
  // text. Of many, the best are shown, and the one nearest to the pointer.
  read(x, pixel) {
    if (x === null) return "";
    [this.cursor, this.pixel] = [x, pixel];
    let values = [];
    for (const l of this.lines()) {
      const i = this.xs(l).indexOf(x);
      if (i >= 0 && this.y.shows(l.m[i])) values.push({ line: l, label: this.figure.labels[l.l], i, y: this.y.at(l.m[i]) });
    }
    const near = pixel === null ? null : values.reduce((a, b) => (a && Math.abs(a.y - pixel) <= Math.abs(b.y - pixel) ? a : b), null);
    const more = values.length - linesOfTip;
    values.sort((a, b) => (this.data.better < 0 ? b.y - a.y : a.y - b.y));
    if (more > 0) {
      const place = values.indexOf(near);
      values = values.slice(0, linesOfTip);
      if (place >= linesOfTip) values[linesOfTip - 1] = near;
    }
    const at = round(this.x.at(x));
    this.overlay.replaceChildren(
      svg("path", { class: "cursor", d: `M${at} ${this.y.to}V${this.y.from}` }),
      ...values.map((v) => paint(svg("circle", { cx: at, cy: round(v.y), r: v === near ? 5 : 3.5 }), v.label.color, true))
    );
    const rows = values.map((v) => tipRow(v, v === near));
    this.tip.replaceChildren(element("b", {}, `${this.horizontal}: ${show(x)}`), ...rows);
    if (more > 0) this.tip.append(element("div", {}, `and ${more} more`));
    this.place(at);
    return `${this.horizontal} ${show(x)}: ` + values.map((v) => `${v.label.text} ${show(v.line.m[v.i])}`).join(", ");
  }

  place(at) {
    this.tip.hidden = false;
    const frame = this.root.getBoundingClientRect();
    const scale = frame.width / this.root.viewBox.baseVal.width;
    const space = this.box.clientWidth - this.tip.offsetWidth;
    this.tip.style.left = clamp(at * scale - this.tip.offsetWidth / 2, 0, Math.max(0, space)) + "px";
    this.tip.style.top = frame.bottom - this.box.getBoundingClientRect().top + "px"; // below the plot: it covers none of it
  }

  hide() {
    this.cursor = null;
    this.tip.hidden = true;
    if (this.overlay) this.overlay.replaceChildren();
  }
}

// tipRow names a line and its value; the nearest one with its interval.
function tipRow(v, near) {
  const l = v.line;
  const interval = near && l.lo && l.lo[v.i] !== null ? ` [${show(l.lo[v.i], 3)}, ${show(l.hi[v.i], 3)}]` : "";
  return element(
    "div", { class: near ? "near" : null },
    swatch(v.label), element("span", {}, v.label.text), element("span", {}, show(l.m[v.i]), element("span", { class: "interval" }, interval))
  );
}

// swatch is a piece of the line with its marker.
function swatch(label) {
  return svg(
    "svg", { class: "swatch", viewBox: "0 0 34 12", "aria-hidden": "true" },
    paint(svg("path", { d: "M1 6H33", "stroke-width": 1.8, "stroke-dasharray": label.dashes || null }), label.color, false),
    paint(svg("path", { d: markerPath(label.marker, 17, 6) }), label.color, !label.marker.startsWith("open-"))
  );
}

function polyline(points) {
  return points.map((p, i) => (i ? "L" : "M") + round(p[0]) + " " + round(p[1])).join("");
}

function round(x) {
  return Math.round(x * 10) / 10;
}

// widen makes a range that holds nothing, or a single value, one that has a size.
function widen(range, log) {
  if (range.low > range.high) [range.low, range.high] = log ? [0.1, 1] : [0, 1];
  else if (range.low === range.high) {
    const by = Math.abs(range.low) * 0.1;
    [range.low, range.high] = log ? [range.low / 2, range.high * 2] : [range.low - by, range.high + (by || 1)];
  }
}
