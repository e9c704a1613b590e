// The menus of a figure: the metric, and what is on the horizontal axis. Each choice
// shows other data in the figure, with the lines that were switched off still off.

const courses = { step: "gradient steps", trajectories: "trajectories", seconds: "time [s]" };

class Views {
  constructor(box, data) {
    this.metric = this.menu("Metric");
    this.x = this.menu("Against");
    box.append(element("div", { class: "tools" }, this.labelled("Metric", this.metric), this.labelled("against", this.x)));
    this.take(data);
    this.figure = new Figure(box, this.view(), this.course());
  }

  // update shows other data in the view that is chosen.
  update(data) {
    this.take(data);
    this.figure.update(this.view(), this.course());
  }

  take(data) {
    this.all = [data, ...(data.views || [])];
    offer(this.metric, [...new Set(this.all.map((v) => v.metric))].map((m) => [m, m]));
    this.offerX();
  }

  menu(name) {
    const menu = element("select", { "aria-label": name });
    menu.addEventListener("change", () => {
      if (menu === this.metric) this.offerX();
      this.figure.log = null;
      this.figure.update(this.view(), this.course());
      say(`${this.metric.value} against ${this.x.selectedOptions[0].textContent}`);
    });
    return menu;
  }

  labelled(text, menu) {
    return element("label", {}, text + " ", menu);
  }

  // offerX fills the second menu with what the metric can be drawn against.
  offerX() {
    offer(this.x, this.of().flatMap((v) => (v.along ? [[v.along, v.along]] : Object.entries(courses))));
  }

  of() {
    return this.all.filter((v) => v.metric === this.metric.value);
  }

  course() {
    return this.x.value in courses ? this.x.value : "step";
  }

  view() {
    return this.of().find((v) => (v.along || "") === (this.x.value in courses ? "" : this.x.value));
  }
}

// offer fills a menu with values and their texts. The choice stays if it is among them.
function offer(menu, options) {
  const chosen = menu.value;
  if (JSON.stringify(options) === JSON.stringify([...menu.options].map((o) => [o.value, o.textContent]))) return;
  menu.replaceChildren(...options.map(([value, text]) => element("option", { value }, text)));
  if (options.some(([value]) => value === chosen)) menu.value = chosen;
}
