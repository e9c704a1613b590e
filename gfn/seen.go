package gfn

import (
	"math"
	"slices"

	"gfnbench/gfn/env"
)

// tie is how far the log r of a mode may lie below log τ, relative to log τ. Rewards that
// are equal by definition, such as those of equivalent graphs, or r0 + r1 and its decimal
// notation, differ in their last bits.
const tie = 1e-9

// seen remembers, for the metrics top_k and modes, the best distinct terminal states that
// training has visited and the modes among them.
type seen struct {
	k     int
	logR  []float64 // of the best, in no order
	codes []uint64  // their states
	worst int       // index of the smallest

	atLeast float64 // log r of a mode: log τ, less a tie
	modes   *env.Index
	words   int
}

func newSeen(k, words int, logTau float64) *seen {
	s := &seen{k: k, words: words, atLeast: logTau, modes: env.NewIndex(words)}
	if !math.IsInf(logTau, 0) {
		s.atLeast -= float64(tie * max(1, math.Abs(logTau)))
	}
	return s
}

// add takes one visited terminal state.
func (s *seen) add(x []uint64, logR float64) {
	if logR >= s.atLeast {
		s.modes.Add(x)
	}
	if s.k == 0 || len(s.logR) == s.k && !(logR > s.logR[s.worst]) {
		return
	}
	for i, r := range s.logR {
		if r == logR && slices.Equal(s.codes[i*s.words:(i+1)*s.words], x) {
			return
		}
	}
	if len(s.logR) < s.k {
		s.logR, s.codes = append(s.logR, logR), append(s.codes, x...)
	} else {
		s.logR[s.worst] = logR
		copy(s.codes[s.worst*s.words:], x)
	}
	for i, r := range s.logR {
		if r < s.logR[s.worst] {
			s.worst = i
		}
	}
}

// topK returns the mean log-reward of the best states, summed in ascending order so
// that it does not depend on when each was found.
func (s *seen) topK() (mean float64, ok bool) {
	if len(s.logR) == 0 {
		return 0, false
	}
	sorted := slices.Sorted(slices.Values(s.logR))
	sum := 0.0
	for _, r := range sorted {
		sum += r
	}
	return sum / float64(len(sorted)), true
}
