// Axes: from values to places, and the ticks between.

// A Scale maps values to a range of pixels, linearly or by their logarithm.
class Scale {
  constructor(low, high, from, to, log) {
    Object.assign(this, { low, high, from, to, log });
    this.a = log ? Math.log10(low) : low;
    this.b = log ? Math.log10(high) : high;
  }

  at(x) {
    const t = ((this.log ? Math.log10(x) : x) - this.a) / (this.b - this.a || 1);
    return this.from + t * (this.to - this.from);
  }

  // value is the inverse of at.
  value(pixel) {
    const t = this.a + ((pixel - this.from) / (this.to - this.from)) * (this.b - this.a);
    return this.log ? 10 ** t : t;
  }

  // shows reports whether a value has a place.
  shows(x) {
    return x !== null && x !== undefined && (!this.log || x > 0);
  }

  // ticks are about as many values as asked for, with their labels.
  ticks(count) {
    return this.log ? this.decades(count) : this.even(count);
  }

  even(count) {
    const step = niceStep((this.high - this.low) / count);
    const ticks = [];
    const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
    for (let k = Math.ceil(this.low / step - 1e-9); k * step <= this.high + step * 1e-9; k++) {
      const x = k * step;
      const plain = Math.abs(x) < 1e5 && decimals <= 4;
      ticks.push({ value: x, label: plain ? (x === 0 ? "0" : x.toFixed(decimals).replace("-", "−")) : show(x, 2) });
    }
    return ticks;
  }

  // decades are powers of ten, with 2 and 5 times these where they are few.
  decades(count) {
    const span = this.b - this.a;
    if (span < 0.8) return this.even(count).filter((t) => t.value > 0); // powers and their multiples leave half of it bare
    const every = Math.max(1, Math.ceil(span / count));
    const multiples = span < 1 ? [1, 2, 3, 4, 5, 6, 7, 8, 9] : span < 2.5 ? [1, 2, 5] : [1];
    const ticks = [];
    for (let e = Math.floor(this.a); e <= Math.ceil(this.b); e++) {
      if (e % every !== 0) continue;
      for (const m of multiples) {
        const x = m * 10 ** e;
        if (x < this.low * (1 - 1e-9) || x > this.high * (1 + 1e-9)) continue;
        ticks.push({ value: x, label: m === 1 && (e < -3 || e > 4) ? power(e) : e < -3 || e > 4 ? `${m}·${power(e)}` : String(Number(x.toPrecision(3))) });
      }
    }
    return ticks.length < 2 ? this.even(count).filter((t) => t.value > 0) : ticks;
  }
}

// niceStep is the least of 1, 2 or 5 times a power of ten that is at least x.
function niceStep(x) {
  const scale = 10 ** Math.floor(Math.log10(x || 1));
  return scale * ([1, 2, 5].find((m) => m * scale >= x * (1 - 1e-9)) || 10);
}
