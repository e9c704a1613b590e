package vec

import (
	"math"

	"gfnbench/gfn/fmath"
)

// SoftmaxRows sets rows of n entries of p to the softmax of their logits over the legal
// entries and to exactly 0 elsewhere. Row r takes the logits from logits[r*logitRow] and
// the mask from mask[r*maskRow], in which entry a is legal if bit a&63 of word a/64 is
// set. It writes p[r*n:(r+1)*n] and the log-normaliser log Σ exp(logits[a]) over the
// legal entries, in nats, to lse[r]. maskRow may be 0, for one mask for all rows.
//
// With M the largest legal logit, e[a] = exp(logits[a] - M) in float64 and s the sum of e
// in the order of Sum, p[a] is e[a]·(1/s) and lse is M + log(s). A legal NaN or +Inf
// makes all legal entries and lse NaN. Without a legal entry p is 0 and lse -Inf.
func SoftmaxRows(p []float64, logits []float32, logitRow int, mask []uint64, maskRow, rows, n int, lse []float64) {
	if rows <= 0 {
		return
	}
	lse = lse[:rows]
	if n <= 0 {
		for r := range lse {
			lse[r] = math.Inf(-1)
		}
		return
	}
	p = p[:rows*n]
	_ = logits[(rows-1)*logitRow+n-1]
	_ = mask[(rows-1)*maskRow+(n-1)/64]
	softmaxRows(p, logits, logitRow, mask, maskRow, rows, n, lse)
}

// LogSoftmaxRows sets rows of dst to the logarithms of the results of SoftmaxRows:
// logits[a] - lse for a legal entry, -Inf for the others. lse are the log-normalisers of
// SoftmaxRows.
func LogSoftmaxRows(dst []float64, logits []float32, logitRow int, mask []uint64, maskRow, rows, n int, lse []float64) {
	const block = 64 // rows that stay in the first-level cache
	for r := 0; r < rows; r += block {
		k := min(rows-r, block)
		d, x, m, l := dst[r*n:], logits[r*logitRow:], mask[r*maskRow:], lse[r:r+k]
		SoftmaxRows(d, x, logitRow, m, maskRow, k, n, l)
		if n > 0 {
			logRows(d, x, logitRow, m, maskRow, k, n, l)
		}
	}
}

func logRowsGo(dst []float64, logits []float32, logitRow int, mask []uint64, maskRow, rows, n int, lse []float64) {
	for r := range rows {
		row, m := dst[r*n:(r+1)*n], mask[r*maskRow:]
		for a := range row {
			row[a] = math.Inf(-1)
			if m[a>>6]>>(a&63)&1 != 0 {
				row[a] = float64(logits[r*logitRow+a]) - lse[r]
			}
		}
	}
}

func softmaxRowsGo(p []float64, logits []float32, logitRow int, mask []uint64, maskRow, rows, n int, lse []float64) {
	for r := range rows {
		lse[r] = softmaxGo(p[r*n:(r+1)*n], logits[r*logitRow:], mask[r*maskRow:])
	}
}

func softmaxGo(p []float64, logits []float32, mask []uint64) float64 {
	top := float32(math.Inf(-1))
	for a := range p {
		if mask[a>>6]>>(a&63)&1 != 0 {
			top = max(top, logits[a])
		}
	}
	var l [8]float64
	for a := range p {
		p[a] = 0
		if mask[a>>6]>>(a&63)&1 != 0 {
			p[a] = fmath.Exp(float64(logits[a]) - float64(top))
			l[a&7] += p[a]
		}
	}
	s := fold(&l)
	inv := 1 / s
	for a := range p {
		if mask[a>>6]>>(a&63)&1 != 0 {
			p[a] *= inv
		}
	}
	return float64(top) + fmath.Log(s)
}
