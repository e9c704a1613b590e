package objective

// A Score is the exact gradient of an objective on the policy's own trajectories,
// with a fixed backward policy: E[f(c) s], where
//
//	f(c) = Linear c + Σ Weight e^(Gamma c + Offset)
//
// up to a constant, which has no effect because E[s] = 0. It is what an estimate from
// infinitely many trajectories would be.
type Score struct {
	Linear float64 // factor of c
	Powers []Power // the terms of the sum
	Ratio  bool    // divided by E e^(Gamma c + Offset) of the one power
}

// A Power is Weight e^(Gamma c + Offset).
type Power struct {
	Weight float64 // factor of the power
	Gamma  float64 // factor of c in its exponent
	Offset float64 // added to that
}

// linearScore is the exact gradient E[factor c s].
func linearScore(factor float64) func(Spec, *Batch) Score {
	return func(Spec, *Batch) Score { return Score{Linear: factor} }
}

// forwardKLScore is -E[u s] with u = w e^-Shift.
func forwardKLScore(_ Spec, b *Batch) Score {
	return Score{Powers: []Power{{Weight: -1, Gamma: -1, Offset: -b.Shift}}}
}

// tsallisScore is E[g s]/(alpha-1) with g = (w e^-Shift)^(1-alpha).
func tsallisScore(s Spec, b *Batch) Score {
	a := s.Params.Float(alpha.Name)
	return Score{Powers: []Power{{Weight: 1 / (a - 1), Gamma: a - 1, Offset: (a - 1) * b.Shift}}}
}

// renyiScore is that over E[g].
func renyiScore(s Spec, b *Batch) Score {
	score := tsallisScore(s, b)
	score.Ratio = true
	return score
}

// linexScore is -E[e^(at) s]/a with t = -(log Z + c).
func linexScore(s Spec, b *Batch) Score {
	a := s.Params.Float("a")
	return Score{Powers: []Power{{Weight: -1 / a, Gamma: -a, Offset: -a * b.LogZ}}}
}

// shiftedCoshScore is -E[(e^t - e^-t) s].
func shiftedCoshScore(_ Spec, b *Batch) Score {
	return Score{Powers: []Power{{-1, -1, -b.LogZ}, {1, 1, b.LogZ}}}
}
