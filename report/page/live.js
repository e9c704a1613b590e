// What is being trained, on a page that report serve gives out: it is asked for every
// second. Where there are new results, what changed on the page is brought up to date.

const pace = { asks: 1000, updates: 10, says: 30000 }; // milliseconds; times what the last update took

class Live {
  constructor(box) {
    this.box = box;
    this.facts = element("dl", { class: "facts" });
    this.when = element("p", { class: "note" });
    this.state = element("p", { class: "note", role: "status" });
    this.plot = element("div", { hidden: true });
    box.append(this.facts, this.when, this.state, this.plot);
    this.next = 0; // update
    this.told = -Infinity;
    document.documentElement.style.overflowAnchor = "none"; // see still
    this.dated();
    box.dataset.ready = Math.round(performance.now());
    this.ask();
  }

  async ask() {
    try {
      if (!document.hidden) await this.look();
    } catch (e) {
      still(() => put(this.state, "No answer: is report serve still running? " + e.message));
    }
    setTimeout(() => this.ask(), pace.asks);
  }

  async look() {
    const live = JSON.parse(await get("live"));
    still(() => this.show(live));
    const reading = !getSelection().isCollapsed; // what is marked would no longer be
    if (live.version === this.box.dataset.live || reading || performance.now() < this.next) return;
    const began = performance.now();
    update(new DOMParser().parseFromString(await get("./"), "text/html"));
    this.next = performance.now() + pace.updates * (performance.now() - began);
    this.dated();
    if (began - this.told > pace.says) {
      this.told = began;
      say("New results. " + live.facts.map((f) => f.join(": ")).join(". "));
    }
  }

  dated() {
    this.when.textContent = "The page shows the results of " + new Date().toLocaleTimeString() + ".";
  }

  show(live) {
    const facts = JSON.stringify(live.facts);
    if (facts !== this.said) this.facts.replaceChildren(...live.facts.map(([term, text]) => element("div", {}, element("dt", {}, term), element("dd", {}, text))));
    this.said = facts;
    put(this.state, live.error || "");
    const figure = JSON.stringify(live.figure);
    if (figure === this.drawn) return;
    this.drawn = figure;
    this.plot.hidden = live.figure.labels.length === 0;
    if (this.figure) this.figure.update(live.figure);
    else this.figure = new Figure(this.plot, live.figure);
  }
}

// put writes a text that is read aloud, unless it is there.
function put(e, text) {
  if (e.textContent !== text) e.textContent = text;
}

async function get(path) {
  const reply = await fetch(path, { cache: "no-store" });
  const text = await reply.text();
  if (!reply.ok) throw new Error(text);
  return text;
}

// still changes the page while what is in the middle of the window stays where it is.
function still(change) {
  if (scrollY === 0) return change();
  const around = [];
  for (let e = document.elementFromPoint(innerWidth / 2, innerHeight / 2); e && e !== document.body; e = e.parentElement)
    around.push({ e, keys: e.dataset.key && keysOf(e), top: e.getBoundingClientRect().top });
  change();
  for (const { e, keys, top } of around) {
    const now = e.isConnected || !keys ? e : keyed(keys);
    if (!now.isConnected || (now !== e && keysOf(now).length < keys.length)) continue;
    return scrollBy({ top: now.getBoundingClientRect().top - top, behavior: "instant" });
  }
}

// sources are the blocks of the page as they came, and what they show of the data.
const sources = new Map();
for (const e of document.querySelectorAll("header > *, main > section > *")) sources.set(e, e.outerHTML);

// update brings the page up to date with another document of it.
function update(page) {
  const code = (d) => d.querySelector("script:not([type])").text;
  if (code(page) !== code(document)) return location.reload(); // of another version
  const data = JSON.parse(page.getElementById("data").textContent);
  still(() => hold(() => ["header", "main"].forEach((box) => merge(document.querySelector(box), page.querySelector(box), data))));
}

// merge gives an element the blocks of another document.
function merge(box, other, data) {
  const html = new Map([...other.children].map((e) => [e, e.outerHTML]));
  name(other);
  const old = new Map([...box.children].map((e) => [e.dataset.key, e]));
  arrange(box, [...other.children].map((e) => take(old.get(e.dataset.key), e, html.get(e), data)));
}

// take returns what shows a block of another document: what has shown it so far, brought
// up to date, or a new element.
function take(old, fresh, html, data) {
  if (fresh.matches("section")) {
    const section = old || document.importNode(fresh, false);
    merge(section, fresh, data);
    return section;
  }
  const part = parts.get(old);
  const is = part ? html + JSON.stringify(content(fresh, data)) : html;
  if (old && sources.get(old) === is) return old;
  const now = part ? old : document.adoptNode(fresh);
  sources.set(now, is);
  if (part) {
    old.querySelector(":scope > figcaption")?.replaceWith(fresh.querySelector(":scope > figcaption"));
    part.update(content(fresh, data));
    return old;
  }
  if (now.matches(".claim")) {
    now.open = Boolean(old && old.open);
    now.hidden = [...parts.values()].some((p) => p instanceof Claims && p.hides(now));
  }
  enliven(now, data);
  return now;
}

queueMicrotask(() => {
  const stays = { update() {} };
  parts.set(document.getElementById("theme"), stays);
  for (const box of document.querySelectorAll("[data-live]")) {
    parts.set(box, { update: (fresh) => (box.dataset.live = fresh.dataset.live) });
    new Live(box);
  }
});
