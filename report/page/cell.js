// One cell, opened in the list: its curve, its settings and how it ended.

class Cell {
  constructor(cells, i) {
    const value = (name) => {
      const column = cells.columns.find((c) => c.name === name);
      return column ? column.text(i) : "";
    };
    const id = value("cell");
    const terms = cells.columns
      .filter((c) => !["cell", "message"].includes(c.name) && c.text(i) !== "")
      .map((c) => element("div", {}, element("dt", {}, c.name), element("dd", {}, c.kind === "metric" ? show(c.numbers[i]) : c.text(i))));
    const log = [value("status"), value("step") && `step ${value("step")}`, value("seconds") && `${show(Number(value("seconds")), 3)} s`, value("message")];
    this.box = element("div", { class: "cell" }, ...this.curve(cells.curves, i, id), element("dl", {}, ...terms),
      element("p", {}, log.filter(Boolean).join(", ")), element("p", { class: "note" }, "More: ", element("code", {}, "sweep logs " + id)));
  }

  // curve is a panel of its own, where the page has the evaluations.
  curve(curves, i, id) {
    if (!curves || curves.g[i] < 0) return [];
    const metric = curves.texts[curves.metric[i]];
    const line = { l: 0, g: 0, m: curves.m[i], n: 1 };
    const figure = { labels: [{ text: id, color: "#000000", marker: "circle" }], on: [true], bands: false, course: "step" };
    const positive = line.m.filter((y) => y !== null);
    const logY = positive.length > 0 && Math.min(...positive) > 0 && Math.max(...positive) >= 10 * Math.min(...positive);
    this.panel = new Panel(figure, { title: id, x: courses.step, y: metric, logY, grids: [curves.grids[curves.g[i]]], lines: [line] });
    return [this.panel.box];
  }
}
