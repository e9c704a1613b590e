// The list of all cells, a page of it at a time.

const perPage = 50;

class Cells {
  constructor(box, data) {
    this.columns = data.columns.map((c) => new Column(c));
    this.total = data.count;
    this.curves = data.curves;
    this.open = new Set(); // cells that are opened
    this.all = Array.from({ length: data.count }, (_, i) => i);
    this.shown = this.all;
    this.page = 0;
    this.sorted = null;
    this.status = "";
    this.words = [];
    this.build(box);
    this.select();
  }

  build(box) {
    const filter = element("input", { type: "search", size: 28, placeholder: "Filter, e.g. tb lr=0.01 l1<0.4", "aria-label": "Filter cells: words, column=value, column<number" });
    filter.addEventListener("input", () => {
      this.words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
      this.select();
    });
    const statuses = this.columns.find((c) => c.name === "status");
    const choice = element("select", { "aria-label": "Status" }, element("option", { value: "" }, "any status"), ...statuses.texts.map((s) => element("option", {}, s)));
    choice.addEventListener("change", () => {
      this.status = choice.value;
      this.select();
    });
    this.statuses = statuses;
    this.count = element("span", { class: "count", role: "status" });
    this.table = element("table", {}, element("thead"), element("tbody"));
    this.previous = element("button", { type: "button", onclick: () => this.turn(-1) }, "Previous");
    this.next = element("button", { type: "button", onclick: () => this.turn(1) }, "Next");
    this.where = element("span", { class: "count" });
    box.classList.add("cells");
    box.append(
      element("div", { class: "tools" }, filter, choice, this.count),
      help(),
      this.chooser(),
      element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Cells" }, this.table),
      element("div", { class: "pager" }, this.previous, this.where, this.next)
    );
  }

  // chooser lets people hide columns.
  chooser() {
    const boxes = this.columns.map((c) => {
      const tick = element("input", { type: "checkbox", checked: c.visible });
      tick.addEventListener("change", () => {
        c.visible = tick.checked;
        this.draw();
      });
      return element("label", {}, tick, " " + c.name);
    });
    return element("details", { "data-choose": true }, element("summary", {}, "Columns"), element("div", { class: "columns" }, ...boxes));
  }

  // select applies the filters.
  select() {
    const tests = this.words.map((w) => this.test(w));
    this.shown = this.all.filter((i) => (!this.status || this.statuses.text(i) === this.status) && tests.every((t) => t(i)));
    this.page = 0;
    this.order();
  }

  // test is that of one word: a column compared with a value, or a part of any text.
  // Columns have their whole name or its last part, as legends write it.
  test(word) {
    const [, name, operator, value] = word.match(/^([^<>=!]+)(<=|>=|!=|=|<|>)(.*)$/) || [];
    const column = this.columns.find((c) => c.name === name) || this.columns.find((c) => c.name.endsWith("." + name));
    if (column) return (i) => matches(column, i, operator, value);
    const texts = this.columns.filter((c) => c.texts).map((c) => ({ column: c, hit: c.texts.map((t) => t.toLowerCase().includes(word)) }));
    return (i) => texts.some((t) => t.hit[t.column.index[i]]);
  }

  order() {
    if (this.sorted) {
      const { column, up } = this.sorted;
      this.shown.sort((a, b) => compare(column.key(a), column.key(b), up) || a - b);
    }
    this.draw();
  }

  turn(by) {
    this.page += by;
    this.draw();
    say(this.where.textContent);
  }

  draw() {
    const visible = this.columns.filter((c) => c.visible);
    const pages = Math.max(1, Math.ceil(this.shown.length / perPage));
    const rows = this.shown.slice(this.page * perPage, (this.page + 1) * perPage);
    this.count.textContent = this.shown.length < this.total ? `${this.shown.length} of ${this.total} cells` : `${this.total} cells`;
    this.where.textContent = `page ${this.page + 1} of ${pages}`;
    this.previous.disabled = this.page === 0;
    this.next.disabled = this.page >= pages - 1;
    this.table.tHead.replaceChildren(element("tr", {}, ...visible.map((c) => this.header(c))));
    this.table.tBodies[0].replaceChildren(...rows.flatMap((i) => this.row(i, visible)));
  }

  // row is the row of a cell, and what is shown of it where it is open.
  row(i, visible) {
    const fields = visible.map((c) => c.field(i));
    const head = visible.findIndex((c) => c.name === "cell");
    const row = element("tr", {}, ...fields);
    if (head >= 0) {
      const button = element("button", { type: "button", class: "plain", "aria-expanded": String(this.open.has(i)) }, ...fields[head].childNodes);
      button.addEventListener("click", () => this.toggle(i, row, button, visible.length));
      fields[head].append(button);
    }
    if (!this.open.has(i)) return [row];
    return [row, this.opened(i, visible.length)];
  }

  toggle(i, row, button, span) {
    const open = !this.open.delete(i);
    if (open) {
      this.open.add(i);
      row.after(this.opened(i, span));
    } else row.nextSibling.remove();
    button.setAttribute("aria-expanded", String(open));
  }

  opened(i, span) {
    const cell = new Cell(this, i);
    if (cell.panel) requestAnimationFrame(() => cell.panel.draw());
    return element("tr", { class: "opened" }, element("td", { colspan: span, class: "left" }, cell.box));
  }

  header(column) {
    const mine = this.sorted && this.sorted.column === column;
    const direction = mine ? (this.sorted.up ? "ascending" : "descending") : null;
    const button = element("button", { type: "button" }, column.name);
    button.addEventListener("click", () => {
      this.sorted = { column, up: direction !== "ascending" };
      this.order();
      const at = this.columns.filter((c) => c.visible).indexOf(column);
      this.table.tHead.rows[0].cells[at].firstChild.focus();
      say(`sorted by ${column.name}, ${this.sorted.up ? "ascending" : "descending"}`);
    });
    return element("th", { scope: "col", class: column.texts ? "left" : null, "aria-sort": direction }, button);
  }
}

// matches compares a field with a value: as numbers where both are, else as text.
function matches(column, i, operator, value) {
  const text = column.text(i).toLowerCase();
  const [a, b] = [Number(text), Number(value)];
  const numbers = text !== "" && value !== "" && !Number.isNaN(a) && !Number.isNaN(b);
  const equal = numbers ? a === b : text === value;
  const less = numbers && a < b;
  const greater = numbers && a > b;
  return { "=": equal, "!=": !equal, "<": less, ">": greater, "<=": numbers && !greater, ">=": numbers && !less }[operator];
}

// help says what the filter takes.
function help() {
  const row = (filter, text) => [element("dt", {}, element("code", {}, filter)), element("dd", {}, text)];
  return element(
    "details", {}, element("summary", {}, "What the filter takes"),
    element("dl", {}, ...row("tb words", "cells with both words in any text"), ...row("lr=0.01", "a value of a column, by its name or the last part of it: optimizer.lr"),
      ...row("l1<0.4 seed>=2", "numbers: <, >, <=, >=, !="), ...row("objective!=tb", "all other values"))
  );
}

// A Column has numbers, or texts and for each cell its place among them.
class Column {
  constructor(data) {
    this.name = data.name;
    this.kind = data.kind;
    this.numbers = data.v || null;
    this.texts = data.texts || null;
    this.index = data.i || null;
    this.visible = data.kind !== "setting";
  }

  text(i) {
    if (this.texts) return this.texts[this.index[i]];
    return this.numbers[i] === null ? "" : String(this.numbers[i]);
  }

  key(i) {
    const x = this.numbers ? this.numbers[i] : null;
    return { value: x === null ? NaN : x, text: this.text(i) };
  }

  field(i) {
    if (this.name === "cell") return element("th", { scope: "row" }, element("code", {}, this.text(i)));
    if (this.name === "status") {
      const status = this.text(i);
      return element("td", {}, element("span", { class: "badge " + status.replace(" ", "-") }, status));
    }
    if (this.texts) return element("td", { class: this.kind === "note" ? "text" : "left" }, this.text(i));
    return element("td", {}, this.kind === "metric" && this.numbers[i] !== null ? show(this.numbers[i]) : this.text(i));
  }
}
