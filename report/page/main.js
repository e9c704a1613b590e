// The claims' buttons, and the start.

function claims() {
  const tools = document.querySelector("[data-verdicts]");
  if (!tools) return;
  const all = [...document.querySelectorAll(".claim")];
  for (const b of tools.querySelectorAll("[data-verdict]")) {
    b.addEventListener("click", () => {
      const on = b.getAttribute("aria-pressed") !== "true";
      b.setAttribute("aria-pressed", on);
      for (const c of all) if (c.dataset.verdict === b.dataset.verdict) c.hidden = !on;
    });
  }
  const open = tools.querySelector("[data-open]");
  open.addEventListener("click", () => {
    const opening = !all.every((c) => c.open);
    for (const c of all) c.open = opening;
    open.textContent = opening ? "Close all" : "Open all";
  });
  tools.hidden = false;
  addEventListener("beforeprint", () => all.forEach((c) => (c.open = true)));
}

// hints say below what is wider than the page that it scrolls.
function hints() {
  for (const box of document.querySelectorAll(".scroll")) {
    const hint = element("p", { class: "hint", hidden: true, "aria-hidden": "true" }, "wider than the page: scroll sideways →");
    box.after(hint);
    const look = () => (hint.hidden = box.scrollWidth <= box.clientWidth + 1);
    const sized = new ResizeObserver(look);
    sized.observe(box);
    if (box.firstElementChild) sized.observe(box.firstElementChild);
  }
}

const data = JSON.parse(document.getElementById("data").textContent);
themeButton();
for (const figure of document.querySelectorAll("figure.sheet")) new Sheet(figure);
for (const box of document.querySelectorAll("[data-figure]")) {
  const figure = data.figures.find((f) => f.name === box.dataset.figure);
  if (figure.views) new Views(box, figure);
  else new Figure(box, figure);
}
const settings = document.querySelector("[data-arms]");
if (settings) new Parallel(settings, data.arms);
new Cells(document.querySelector("[data-cells]"), data.cells);
claims();
hints();
