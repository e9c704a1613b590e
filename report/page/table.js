// Tables that sort, filter and swap rows with columns.

// A Sheet is a table of the page. Its matrix is read once from the document and
// drawn again whenever what is asked for changes.
class Sheet {
  constructor(figure) {
    this.figure = figure;
    this.table = figure.querySelector("table");
    this.sorted = null; // { column, up }
    this.swapped = false;
    this.words = [];
    this.read(this.table);
    this.tools(figure);
    this.draw();
  }

  read(table) {
    this.stub = Number(table.dataset.stub);
    this.across = table.dataset.across;
    this.head = [...table.tHead.rows[0].cells].map((c) => ({ html: c.innerHTML, text: plain(c) }));
    this.rows = [...table.tBodies[0].rows].map((row) => ({
      paper: row.classList.contains("paper"),
      cells: [...row.cells].map((c) => ({ html: c.innerHTML, text: plain(c), value: number(c.dataset.v), paper: false })),
    }));
  }

  // show shows another table in the same way: sorted by the column of the same name.
  show(table) {
    const name = (column) => this.view().head[column]?.text;
    const by = this.sorted && name(this.sorted.column);
    this.read(table);
    if (this.sorted && name(this.sorted.column) !== by) {
      const column = this.view().head.findIndex((h) => h.text === by);
      this.sorted = column < 0 ? null : { column, up: this.sorted.up };
    }
    hold(() => this.draw());
  }

  // update shows the table of another document, and what is written around it.
  update(figure) {
    this.show(figure.querySelector("table"));
    for (const note of this.figure.querySelectorAll(":scope > .note")) note.remove();
    this.figure.append(...figure.querySelectorAll(":scope > .note"));
  }

  tools(figure) {
    const box = figure.querySelector("[data-tools]");
    if (!box) return;
    const title = figure.querySelector("h3").textContent;
    this.count = element("span", { class: "count" });
    const filter = element("input", { type: "search", placeholder: "Filter rows", "aria-label": "Filter the rows of " + title });
    filter.addEventListener("input", () => {
      this.words = folded(filter.value).split(/\s+/).filter(Boolean);
      this.draw();
      say(this.count.textContent || "all rows");
    });
    box.append(filter);
    if (this.across) {
      const swap = element("button", { type: "button", "aria-pressed": "false" }, "Swap rows and columns");
      swap.addEventListener("click", () => {
        this.swapped = !this.swapped;
        this.sorted = null;
        swap.setAttribute("aria-pressed", this.swapped);
        this.draw();
      });
      box.append(swap);
    }
    box.append(element("button", { type: "button", onclick: () => this.save(title) }, "Save as CSV"), this.count);
  }

  // save downloads the table as it is shown, without footnotes.
  save(title) {
    const quoted = (text) => (/^[=+@-]/.test(text) && Number.isNaN(Number(text)) ? "'" + text : text).replaceAll('"', '""');
    const lines = [...this.table.rows].map((row) => [...row.cells].map((c) => `"${quoted(plain(c))}"`).join(","));
    download(title + ".csv", "text/csv", lines.join("\n") + "\n");
  }

  // view is the matrix as it is to be drawn, before sorting and filtering.
  view() {
    if (!this.swapped) return { head: this.head, stub: this.stub, rows: this.rows };
    const name = (row, part) => row.cells.slice(0, this.stub).map((c) => c[part]).join("/");
    let last = null;
    const head = this.rows.map((row) => {
      if (!row.paper) last = row;
      const end = row.paper ? " (paper)" : "";
      return { html: name(last, "html") + end, text: name(last, "text") + end };
    });
    const rows = this.head.slice(this.stub).map((label, j) => ({
      paper: false,
      cells: [{ ...label, value: NaN, paper: false }].concat(
        this.rows.map((row) => ({ ...row.cells[this.stub + j], paper: row.paper }))
      ),
    }));
    return { head: [{ html: escape(this.across), text: this.across }, ...head], stub: 1, rows };
  }

  // groups are the rows, each with that of reference values below it.
  groups(rows) {
    const groups = [];
    for (const row of rows) {
      if (row.paper && groups.length) groups[groups.length - 1].push(row);
      else groups.push([row]);
    }
    return groups;
  }

  draw() {
    const { head, stub, rows } = this.view();
    const all = this.groups(rows);
    const groups = all.filter((g) => this.words.every((w) => g.some((row) => row.cells.slice(0, stub).some((c) => folded(c.text).includes(w)))));
    if (this.sorted) {
      const { column, up } = this.sorted;
      groups.sort((a, b) => compare(a[0].cells[column], b[0].cells[column], up));
    }
    if (this.count) this.count.textContent = groups.length < all.length ? `${groups.length} of ${all.length} rows` : "";
    const top = JSON.stringify([head, stub, this.sorted]);
    if (this.top !== top) this.table.tHead.replaceChildren(element("tr", {}, ...head.map((h, i) => this.header(h, i, i < stub))));
    this.top = top;
    this.table.tBodies[0].replaceChildren(...groups.flat().map((row) => bodyRow(row, stub)));
  }

  header({ html, text }, column, left) {
    const direction = this.sorted && this.sorted.column === column ? (this.sorted.up ? "ascending" : "descending") : null;
    const button = element("button", { type: "button" });
    button.innerHTML = html;
    button.addEventListener("click", () => {
      this.sorted = { column, up: direction !== "ascending" };
      button.focus();
      hold(() => this.draw());
      say(`sorted by ${text}, ${this.sorted.up ? "ascending" : "descending"}`);
    });
    return element("th", { scope: "col", class: left ? "left" : null, "aria-sort": direction, "data-key": text }, button);
  }
}

function bodyRow(row, stub) {
  const tr = element("tr", { class: row.paper ? "paper" : null });
  row.cells.forEach((c, i) => {
    const e = element(i < stub ? "th" : "td", { scope: i < stub ? "row" : null, class: c.paper ? "paper" : null });
    e.innerHTML = c.html;
    tr.append(e);
  });
  return tr;
}

// download gives a text to the reader as a file.
function download(name, type, text) {
  element("a", { href: `data:${type};charset=utf-8,${encodeURIComponent(text)}`, download: name.replace(/[\/\\:]+/g, "-") }).click();
}

function number(text) {
  return text === undefined || text === "" ? NaN : Number(text);
}

// plain is the text of a field without the marks of its footnotes.
function plain(field) {
  const copy = field.cloneNode(true);
  copy.querySelectorAll("sup").forEach((mark) => mark.remove());
  return copy.textContent;
}

function escape(text) {
  return element("span", {}, text).innerHTML;
}

const collator = new Intl.Collator("en", { numeric: true });

// compare orders two fields: numbers by value, text by the alphabet, and what is
// empty after all else.
function compare(a, b, up) {
  const emptyA = Number.isNaN(a.value) && a.text === "";
  const emptyB = Number.isNaN(b.value) && b.text === "";
  const sign = up ? 1 : -1;
  if (emptyA || emptyB) return emptyA - emptyB;
  const noA = Number.isNaN(a.value);
  const noB = Number.isNaN(b.value);
  if (noA && noB) return sign * collator.compare(a.text, b.text);
  if (noA || noB) return noA - noB;
  return sign * (a.value - b.value);
}
