// What is being trained, on a page that report serve gives out: it is asked for every
// second. Once there are new results the page is loaded again, when nobody uses it.

const rest = { asks: 1000, idle: 5000, loads: 15000 }; // milliseconds

class Live {
  constructor(box) {
    this.box = box;
    this.used = 0;
    this.facts = element("dl", {});
    this.news = element("button", { type: "button", hidden: true, onclick: () => location.reload() }, "Show the new results");
    this.state = element("p", { class: "note", role: "status" });
    box.append(this.facts, this.news, this.state);
    for (const kind of ["pointerdown", "keydown", "wheel", "input"]) addEventListener(kind, () => (this.used = performance.now()), { passive: true });
    box.dataset.ready = Math.round(performance.now());
    this.ask();
  }

  async ask() {
    try {
      const reply = await fetch("live", { cache: "no-store" });
      if (!reply.ok) throw new Error(await reply.text());
      this.show(await reply.json());
    } catch (e) {
      this.state.textContent = "No answer: is report serve still running? " + e.message;
    }
    setTimeout(() => this.ask(), rest.asks);
  }

  show(live) {
    this.facts.replaceChildren(...live.facts.map(([term, text]) => element("div", {}, element("dt", {}, term), element("dd", {}, text))));
    this.state.textContent = live.error || "";
    this.draw(live.figure);
    const stale = live.version !== this.box.dataset.live;
    this.news.hidden = !stale;
    const typed = [...document.querySelectorAll("input")].some((i) => i.value !== "" && i.type === "search");
    if (stale && !typed && performance.now() - this.used > rest.idle && performance.now() > rest.loads) location.reload();
  }

  // draw brings the curves up to date; the figure stays, unless other cells are trained.
  draw(figure) {
    const key = (f) => JSON.stringify([f.labels.map((l) => l.text), f.panels.map((p) => [p.title, p.y])]);
    const old = this.figure;
    if (old && this.key === key(figure)) {
      figure.panels.forEach((data, i) => (old.panels[i].data = data));
      if (JSON.stringify(figure) !== this.text) old.redraw();
    } else {
      if (old) for (const part of old.parts) part.remove();
      this.figure = figure.labels.length > 0 ? new Figure(this.box, figure) : null;
      if (old && this.figure) this.figure.keep(old);
    }
    this.key = key(figure);
    this.text = JSON.stringify(figure);
  }
}

for (const box of document.querySelectorAll("[data-live]")) new Live(box);
