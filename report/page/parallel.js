// Parallel coordinates of the settings of an arm: an axis for each hyperparameter and one
// for the score, and a line for each setting.

const around = { left: 70, right: 70, top: 30, bottom: 14 };

class Parallel {
  constructor(box, arms) {
    this.choice = element("select", { "aria-label": "Arm" });
    this.choice.addEventListener("change", () => this.show());
    const step = (by) => () => {
      this.choice.selectedIndex = (this.choice.selectedIndex + by + this.arms.length) % this.arms.length;
      this.show();
    };
    this.buttons = [element("button", { type: "button", onclick: step(-1) }, "Previous arm"), element("button", { type: "button", onclick: step(1) }, "Next arm")];
    this.box = element("div", { class: "panel parallel" });
    this.readout = element("p", { class: "note" });
    box.append(element("div", { class: "tools" }, this.choice, ...this.buttons), this.box, this.readout);
    this.update(arms);
    new ResizeObserver(() => this.width !== this.box.clientWidth && this.draw()).observe(this.box);
  }

  // update shows other data of the arm that is chosen.
  update(arms) {
    this.arms = arms;
    for (const b of this.buttons) b.hidden = arms.length < 2;
    offer(this.choice, arms.map((a) => [a.name, a.name]));
    hold(() => this.take());
  }

  take() {
    this.arm = this.arms[this.choice.selectedIndex];
    this.at = -1;
    this.draw();
  }

  show() {
    this.take();
    say(`${this.arm.name}: ${this.arm.settings.length} settings`);
  }

  draw() {
    this.width = this.box.clientWidth;
    const width = Math.max(this.width, 280);
    const height = 260;
    const last = this.arm.axes.length - 1;
    const x = (j) => around.left + (j / last) * (width - around.left - around.right);
    const scales = this.arm.axes.map((a, j) => this.scale(a, j, height));
    const root = svg("svg", {
      viewBox: `0 0 ${width} ${height}`, height, tabindex: 0, role: "img",
      "aria-label": `${this.arm.name}: ${this.arm.settings.length} settings over ${this.arm.axes.map((a) => a.name).join(", ")}. Up and down arrow keys read the settings.`,
    });
    this.arm.axes.forEach((a, j) => root.append(this.axis(a, scales[j], x(j), j === last)));
    this.order().forEach((s) => root.append(this.line(s, scales, x)));
    root.addEventListener("keydown", (e) => this.key(e));
    const old = this.box.querySelector("svg");
    if (old) old.replaceWith(root);
    else this.box.append(root);
    this.read(this.arm.settings.find((s) => s.state === "chosen"));
  }

  // scale is the axis of one hyperparameter, or the score: better scores are higher up.
  scale(axis, j, height) {
    const values = this.arm.settings.map((s) => s.v[j]).filter((v) => v !== null);
    const range = { low: Math.min(...values), high: Math.max(...values) };
    widen(range, axis.log);
    const [bottom, top] = [height - around.bottom, around.top];
    const down = j === this.arm.axes.length - 1 && this.arm.better < 0;
    return new Scale(range.low, range.high, down ? top : bottom, down ? bottom : top, axis.log);
  }

  axis(axis, scale, x, right) {
    const ticks = axis.texts ? axis.texts.map((label, value) => ({ value, label })) : scale.ticks(5);
    const side = right ? { dx: 7, anchor: "start" } : { dx: -7, anchor: "end" };
    return svg(
      "g", {},
      svg("path", { class: "axis", d: `M${round(x)} ${scale.from}V${scale.to}` }),
      svg("text", { x: round(x), y: 14, "text-anchor": "middle" }, axis.name),
      ...ticks.map((t) => svg("text", { x: round(x) + side.dx, y: round(scale.at(t.value)) + 4, "text-anchor": side.anchor }, t.label))
    );
  }

  // order is that of drawing: the best last, and the chosen one over all.
  order() {
    const score = (s) => s.v[s.v.length - 1];
    const rank = (s) => (score(s) === null ? -Infinity : score(s) * this.arm.better);
    return [...this.arm.settings].sort((a, b) => (a.state === "chosen") - (b.state === "chosen") || rank(a) - rank(b));
  }

  line(setting, scales, x) {
    const points = setting.v.flatMap((v, j) => (scales[j].shows(v) ? [[x(j), scales[j].at(v)]] : []));
    const chosen = setting.state === "chosen";
    const path = svg("path", { class: "mean", d: polyline(points), "stroke-dasharray": setting.state === "cut" ? "5 3" : setting.state === "failed" ? "1 4" : null });
    paint(path, chosen ? "#d55e00" : "#0072b2", false);
    path.style.strokeWidth = chosen ? 2.6 : 1.4;
    const group = svg("g", { "data-setting": this.arm.settings.indexOf(setting) }, path);
    const wide = svg("path", { d: polyline(points), fill: "none", stroke: "transparent", "stroke-width": 9 }); // easier to meet
    group.append(wide);
    group.addEventListener("pointerenter", () => this.read(setting));
    return group;
  }

  key(event) {
    const list = this.order().reverse();
    const to = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, Home: 0, End: list.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    say(this.read(list[clamp(to, 0, list.length - 1)]));
  }

  // read names a setting, with its score, and lets the others fade.
  read(setting) {
    if (!setting) return "";
    this.at = this.order().reverse().indexOf(setting);
    const index = String(this.arm.settings.indexOf(setting));
    for (const g of this.box.querySelectorAll("[data-setting]")) g.classList.toggle("faded", g.dataset.setting !== index);
    const text = `${setting.name}: ${this.arm.axes[this.arm.axes.length - 1].name} ${show(setting.v[setting.v.length - 1])}${setting.why ? ", " + setting.why : ""}`;
    this.readout.textContent = text;
    return text;
  }
}
