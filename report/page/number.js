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

function clamp(x, low, high) {
  return Math.min(Math.max(x, low), high);
}
