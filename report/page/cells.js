// The list of all cells, a page of it at a time.

const perPage = 50;

class Cells {
  constructor(box, data) {
    this.open = new Set(); // ids of cells that are opened
    this.page = 0;
    this.sorted = null; // { name of a column, up }
    this.words = [];
    this.columns = [];
    this.rows = new Map(); // by id
    this.build(box);
    this.update(data);
  }

  // update shows other data: with the same filters, order and columns, the same cells
  // open, and the same page of the list.
  update(data) {
    const old = new Map(this.columns.map((c) => [c.name, c.visible]));
    this.columns = data.columns.map((c) => new Column(c));
    for (const c of this.columns) c.visible = old.get(c.name) ?? c.visible;
    this.ids = this.column("cell");
    this.statuses = this.column("status");
    this.total = data.count;
    this.curves = data.curves;
    this.all = Array.from({ length: this.statuses.index.length }, (_, i) => i);
    const status = this.status.value;
    const texts = this.statuses.texts.includes(status) || !status ? this.statuses.texts : [...this.statuses.texts, status];
    offer(this.status, [["", "any status"], ...texts.map((s) => [s, s])]);
    if (JSON.stringify([...old.keys()]) !== JSON.stringify(this.columns.map((c) => c.name))) hold(() => this.choose());
    hold(() => this.select(this.page));
  }

  column(name) {
    return this.columns.find((c) => c.name === name);
  }

  build(box) {
    const filter = element("input", { type: "search", size: 28, placeholder: "Filter, e.g. tb lr=0.01 l1<0.4", "aria-label": "Filter cells: words, column=value, column<number" });
    filter.addEventListener("input", () => {
      this.words = folded(filter.value).split(/\s+/).filter(Boolean);
      this.select();
      say(this.count.textContent);
    });
    this.status = element("select", { "aria-label": "Status" });
    this.status.addEventListener("change", () => {
      this.select();
      say(this.count.textContent);
    });
    this.count = element("span", { class: "count" });
    this.table = element("table", {}, element("thead"), element("tbody"));
    this.previous = element("button", { type: "button", onclick: () => this.turn(-1) }, "Previous");
    this.next = element("button", { type: "button", onclick: () => this.turn(1) }, "Next");
    this.where = element("span", { class: "count" });
    this.ticks = element("div", { class: "columns" });
    box.classList.add("cells");
    box.append(
      element("div", { class: "tools" }, filter, this.status, this.count),
      help(),
      element("details", { "data-choose": true }, element("summary", {}, "Columns"), this.ticks),
      element("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Cells" }, this.table),
      element("div", { class: "pager" }, this.previous, this.where, this.next)
    );
  }

  // choose lets people hide columns.
  choose() {
    this.ticks.replaceChildren(...this.columns.map(({ name, visible }) => {
      const tick = element("input", { type: "checkbox", checked: visible, "data-key": "show " + name });
      tick.addEventListener("change", () => {
        this.column(name).visible = tick.checked;
        this.draw();
      });
      return element("label", {}, tick, " " + name);
    }));
  }

  // select applies the filters.
  select(page = 0) {
    const tests = this.words.map((w) => this.test(w));
    const status = this.status.value;
    this.shown = this.all.filter((i) => (!status || this.statuses.text(i) === status) && tests.every((t) => t(i)));
    this.page = page;
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
    const column = this.sorted && this.column(this.sorted.name);
    if (column) this.shown.sort((a, b) => compare(column.key(a), column.key(b), this.sorted.up) || a - b);
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
    this.page = Math.min(this.page, pages - 1);
    const rows = this.shown.slice(this.page * perPage, (this.page + 1) * perPage);
    this.count.textContent = this.shown.length < this.total ? `${this.shown.length} of ${this.total} cells` : `${this.total} cells`;
    this.where.textContent = `page ${this.page + 1} of ${pages}`;
    this.previous.disabled = this.page === 0;
    this.next.disabled = this.page >= pages - 1;
    const head = JSON.stringify([this.sorted, visible.map((c) => c.name)]);
    if (this.head !== head) this.table.tHead.replaceChildren(element("tr", {}, ...visible.map((c) => this.header(c))));
    this.head = head;
    const old = this.rows;
    this.rows = new Map();
    arrange(this.table.tBodies[0], rows.flatMap((i) => this.row(i, visible, old)));
    for (const { panel } of this.rows.values()) if (panel && !panel.drawn) panel.draw();
  }

  // row is the row of a cell, and what is shown of it where it is open. Those that look as
  // before are the same elements.
  row(i, visible, old) {
    const id = this.ids.text(i);
    const is = JSON.stringify([i, this.columns.map((c) => [c.name, c.visible, c.text(i)]), this.curves && this.curves.m[i]]);
    const kept = old.get(id);
    const row = kept && kept.is === is ? kept : { is, ...this.make(i, id, visible) };
    const open = this.open.has(id);
    if (row.button) row.button.setAttribute("aria-expanded", String(open));
    if (open && !row.opened) Object.assign(row, this.opened(i, id, visible.length));
    this.rows.set(id, row);
    return open ? [row.element, row.opened] : [row.element];
  }

  make(i, id, visible) {
    const fields = visible.map((c) => c.field(i));
    const row = { element: element("tr", { "data-key": id }, ...fields) };
    const head = fields[visible.indexOf(this.ids)];
    if (head) {
      row.button = element("button", { type: "button", class: "plain" }, ...head.childNodes);
      row.button.addEventListener("click", () => {
        if (!this.open.delete(id)) this.open.add(id);
        this.draw();
      });
      head.append(row.button);
    }
    return row;
  }

  opened(i, id, span) {
    const cell = new Cell(this, i);
    return { panel: cell.panel, opened: element("tr", { class: "opened", "data-key": "open " + id }, element("td", { colspan: span, class: "left" }, cell.box)) };
  }

  header(column) {
    const mine = this.sorted && this.sorted.name === column.name;
    const direction = mine ? (this.sorted.up ? "ascending" : "descending") : null;
    const button = element("button", { type: "button" }, column.name);
    button.addEventListener("click", () => {
      this.sorted = { name: column.name, up: direction !== "ascending" };
      button.focus();
      hold(() => this.order());
      say(`sorted by ${column.name}, ${this.sorted.up ? "ascending" : "descending"}`);
    });
    return element("th", { scope: "col", class: column.texts ? "left" : null, "aria-sort": direction, "data-key": column.name }, button);
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
