// The menus of a figure: the metric, and what is on the horizontal axis. Each choice makes
// the figure anew, with the lines that were switched off still off.

const courses = { step: "gradient steps", trajectories: "trajectories", seconds: "time [s]" };

class Views {
  constructor(box, data) {
    this.box = box;
    this.all = [data, ...data.views];
    const metrics = [...new Set(this.all.map((v) => v.metric))];
    this.metric = this.menu("Metric", metrics.map((m) => [m, m]));
    this.x = this.menu("Against", []);
    box.append(element("div", { class: "tools" }, this.labelled("Metric", this.metric), this.labelled("against", this.x)));
    this.offer();
    this.show();
  }

  menu(name, options) {
    const menu = element("select", { "aria-label": name }, ...options.map(([value, text]) => element("option", { value }, text)));
    menu.addEventListener("change", () => {
      if (menu === this.metric) this.offer();
      this.show();
      say(`${this.metric.value} against ${this.x.selectedOptions[0].textContent}`);
    });
    return menu;
  }

  labelled(text, menu) {
    return element("label", {}, text + " ", menu);
  }

  // offer fills the second menu with what the metric can be drawn against.
  offer() {
    const before = this.x.value || "step";
    const options = this.of().flatMap((v) => (v.along ? [[v.along, v.along]] : Object.entries(courses)));
    this.x.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
    this.x.value = options.some(([value]) => value === before) ? before : options[0][0];
  }

  of() {
    return this.all.filter((v) => v.metric === this.metric.value);
  }

  show() {
    const old = this.figure;
    const view = this.of().find((v) => (v.along || "") === (this.x.value in courses ? "" : this.x.value));
    if (old) for (const part of old.parts) part.remove();
    this.figure = new Figure(this.box, view, this.x.value in courses ? this.x.value : "step", old ? old.bands : true);
    if (old) this.figure.keep(old);
  }
}
