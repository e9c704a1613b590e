// Elements and numbers.

const svgNamespace = "http://www.w3.org/2000/svg";

// element makes an element with attributes and children. An attribute that is
// null or false is left out.
function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

function svg(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgNamespace, name), attributes, children);
}

function fill(e, attributes, children) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) e.addEventListener(key.slice(2), value);
    else if (value === true) e.setAttribute(key, "");
    else if (value !== null && value !== false && value !== undefined) e.setAttribute(key, value);
  }
  e.append(...children);
  return e;
}

// arrange gives a box these children. Those that are in their place do not move, so they
// keep what they have: focus, scrolling, a selection.
function arrange(box, children) {
  for (const c of [...box.children]) if (!children.includes(c)) c.remove();
  children.forEach((c, i) => box.children[i] === c || box.insertBefore(c, box.children[i] || null));
}

const reachable = "a, button, input, select, summary, [tabindex]";

// keysOf are the keys of the elements around one, from the outside. With them, keyed finds
// it again after it was drawn anew, or the innermost element around it that is still there.
function keysOf(e) {
  const keys = [];
  for (let at = e.closest("[data-key]"); at; at = at.parentElement.closest("[data-key]")) keys.unshift(at.dataset.key);
  return keys;
}

function keyed(keys) {
  let at = document.body;
  for (const key of keys) at = at.querySelector(`[data-key="${CSS.escape(key)}"]`) || at;
  return at;
}

// hold draws something anew and leaves the keyboard's focus where it was.
function hold(draw) {
  const at = document.activeElement;
  const keys = keysOf(at);
  const index = keys.length ? [...keyed(keys).querySelectorAll(reachable)].indexOf(at) : -1;
  draw();
  if (at.isConnected || !keys.length) return;
  const home = keyed(keys);
  const again = home.querySelectorAll(reachable)[Math.max(index, 0)] || home;
  if (again !== document.body) again.focus({ preventScroll: true });
}

// say tells those who listen to the page rather than see it.
function say(text) {
  document.getElementById("live").textContent = text;
}

const superscripts = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };

function power(exponent) {
  return "10" + [...String(exponent)].map((c) => superscripts[c]).join("");
}

// show writes a number for people, with that many significant digits.
function show(x, digits = 4) {
  if (x === null || x === undefined || Number.isNaN(x)) return "–";
  const size = Math.abs(x);
  if (x === 0 || (Number.isInteger(x) && size < 1e6)) return String(x).replace("-", "−");
  if (size >= 1e6 || size < 1e-4) {
    const [mantissa, exponent] = x.toExponential(digits - 1).split("e");
    return (Number(mantissa) + "·" + power(Number(exponent))).replace("-", "−");
  }
  return x.toPrecision(digits).replace("-", "−");
}

// folded returns a text as filters compare it: a minus sign is found by a hyphen.
function folded(text) {
  return text.toLowerCase().replaceAll("−", "-");
}

function clamp(x, low, high) {
  return Math.min(Math.max(x, low), high);
}
