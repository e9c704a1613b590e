package ising

import (
	"math"
	"math/bits"

	"gfnbench/gfn/fmath"
	"gfnbench/gfn/stream"
)

// transferMatrix sums over the spins of an N × N torus one at a time, given the first
// row. For each of the 2^N first rows this takes N² steps on vectors of 2^N masses, one
// for each state of the row in progress. Rotating, reflecting or reversing the first row
// changes nothing, so only few of them are summed.
type transferMatrix struct {
	side       int
	agree      float64   // weight of a bond whose spins agree, at most 1
	differ     float64   // weight of a bond whose spins differ
	bent       []float64 // weight of the bonds within a row, by the row's state
	across     []float64 // weight of the bonds between two rows, by the number of spins that differ
	logZ       float64
	cumulative []float64 // P(first row <= state)
}

func newTransferMatrix(side int, strength float64) *transferMatrix {
	t := &transferMatrix{
		side:   side,
		agree:  fmath.Exp(strength - math.Abs(strength)),
		differ: fmath.Exp(-strength - math.Abs(strength)),
		bent:   make([]float64, 1<<side),
	}
	for d := range side + 1 {
		w := 1.0
		for i := range side {
			w *= t.bond(i >= d)
		}
		t.across = append(t.across, w)
	}
	for row := range t.bent {
		t.bent[row] = 1
		for i := range side {
			t.bent[row] *= t.bond(row>>i&1 == row>>((i+1)%side)&1)
		}
	}
	logMass := make([]float64, 1<<side)
	v := make([]float64, 1<<side)
	for first := range logMass {
		if like := t.representative(first); like < first {
			logMass[first] = logMass[like]
			continue
		}
		logMass[first] = t.closed(first, v)
	}
	sum := fmath.LogSumExp(logMass)
	t.logZ = sum + float64(2*float64(side*side)*math.Abs(strength))
	t.cumulative = logMass
	total := 0.0
	for first, l := range logMass {
		total += fmath.Exp(l - sum)
		t.cumulative[first] = total
	}
	return t
}

func (t *transferMatrix) bond(agrees bool) float64 {
	if agrees {
		return t.agree
	}
	return t.differ
}

// representative returns the smallest row that rotation, reflection and reversal can make
// from row.
func (t *transferMatrix) representative(row int) int {
	all := uint(1)<<t.side - 1
	least := uint(row)
	for _, r := range [2]uint{uint(row), uint(bits.Reverse64(uint64(row)) >> (64 - t.side))} {
		for range t.side {
			r = (r>>1 | r<<(t.side-1)) & all
			least = min(least, r, r^all)
		}
	}
	return int(least)
}

// closed returns the log mass of all tori with the given first row.
func (t *transferMatrix) closed(first int, v []float64) float64 {
	clear(v)
	v[first] = 1
	logScale := 0.0
	for range t.side {
		logScale += t.advance(v)
	}
	return logScale + fmath.Log(v[first])
}

// advance applies the matrix, first the bonds to the next row and then those within it.
// It scales the masses and returns the log of the scale. The matrix is symmetric except
// for the order of these two, which makes no difference on a closed torus.
func (t *transferMatrix) advance(v []float64) float64 {
	for bit := 1; bit < len(v); bit <<= 1 {
		for row := range v {
			if row&bit == 0 {
				down, up := v[row], v[row|bit]
				v[row] = float64(t.agree*down) + float64(t.differ*up)
				v[row|bit] = float64(t.differ*down) + float64(t.agree*up)
			}
		}
	}
	top := 0.0
	for row := range v {
		v[row] *= t.bent[row]
		top = max(top, v[row])
	}
	for row := range v {
		v[row] /= top
	}
	return fmath.Log(top)
}

// sample draws the rows of a torus. Given row r and the first row, row r+1 has mass
// matrix(row r, row r+1) × (mass of the ways from row r+1 round to the first row).
func (t *transferMatrix) sample(rng *stream.Stream) []int {
	rows := make([]int, t.side)
	rows[0] = draw(t.cumulative, rng.Float64())
	// ways[k] is the mass of going k rows on to the first row, indexed by the row of
	// departure, whose own bonds it includes.
	size := len(t.bent)
	memory := make([]float64, (t.side+1)*size)
	ways := func(k int) []float64 { return memory[k*size : (k+1)*size] }
	ways(0)[rows[0]] = 1
	for k := 1; k < t.side; k++ {
		copy(ways(k), ways(k-1))
		t.advance(ways(k))
	}
	mass := ways(t.side)
	for r := 1; r < t.side; r++ {
		total := 0.0
		for row, w := range ways(t.side - r) {
			total += float64(t.across[bits.OnesCount(uint(row^rows[r-1]))] * w)
			mass[row] = total
		}
		rows[r] = draw(mass, float64(rng.Float64()*total))
	}
	return rows
}

// draw returns the first index whose cumulative mass exceeds u.
func draw(cumulative []float64, u float64) int {
	lo, hi := 0, len(cumulative)-1
	for lo < hi {
		mid := (lo + hi) / 2
		if cumulative[mid] > u {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}
