// The parts of the page, made from its blocks and its data.

const parts = new Map(); // by their blocks

// name gives the children of an element keys, by what they are called.
function name(box) {
  const seen = new Map();
  for (const e of box.children) {
    const called = e.id || e.dataset.figure || e.querySelector(":scope > summary > .id, :scope > figcaption > h3")?.textContent || e.tagName;
    const times = seen.get(called) || 0;
    seen.set(called, times + 1);
    e.dataset.key = times ? `${called} ${times}` : called;
  }
}

// content is what a block shows of the data.
function content(block, data) {
  const { figure, arms, cells } = block.dataset;
  return figure !== undefined ? data.figures.find((f) => f.name === figure) : arms !== undefined ? data.arms : cells !== undefined ? data.cells : block;
}

// enliven makes the part of a block.
function enliven(block, data) {
  const of = content(block, data);
  const part =
    block.matches("figure.sheet") ? new Sheet(block)
    : "figure" in block.dataset ? (of.metric === undefined ? new Figure(block, of) : new Views(block, of))
    : "arms" in block.dataset ? new Parallel(block, of)
    : "cells" in block.dataset ? new Cells(block, of)
    : "verdicts" in block.dataset ? new Claims(block)
    : null;
  if (part) parts.set(block, part);
  hints(block);
}

// hints say below what is wider than the page that it scrolls.
function hints(block) {
  for (const box of block.querySelectorAll(".scroll")) {
    const hint = element("p", { class: "hint", hidden: true, "aria-hidden": "true" }, "wider than the page: scroll sideways →");
    box.after(hint);
    const look = () => (hint.hidden = box.scrollWidth <= box.clientWidth + 1);
    const sized = new ResizeObserver(look);
    sized.observe(box);
    if (box.firstElementChild) sized.observe(box.firstElementChild);
  }
}

themeButton();
["header", "main"].forEach((box) => name(document.querySelector(box)));
{
  const data = JSON.parse(document.getElementById("data").textContent);
  for (const section of document.querySelectorAll("main > section")) {
    name(section);
    for (const block of section.children) enliven(block, data);
  }
}
