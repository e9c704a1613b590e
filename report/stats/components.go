package stats

import (
	"fmt"

	"gonum.org/v1/gonum/stat/distuv"
)

// Components are the parts of the variance of a value measured on several units in each
// of several groups, such as a metric over instances and their seeds.
type Components struct {
	Between    float64 // variance of the groups' true means
	Within     float64 // variance of units within a group, without estimation
	Estimation float64 // variance of estimating the value of a unit
}

// Total returns the variance of one measured value.
func (c Components) Total() float64 { return c.Between + c.Within + c.Estimation }

// Nested returns the components of variance by the analysis of variance (Searle, Casella
// and McCulloch, Variance Components, 1992, section 3.6). estimation is the mean square
// of the units' standard errors, 0 if they are exact. A negative component is reported as
// 0. Nested returns an error if there are fewer than two groups, if no group has two
// units, or if a value is not finite.
func Nested(groups [][]float64, estimation float64) (Components, error) {
	n, squares := 0, 0.0
	var all []float64
	for i, g := range groups {
		if err := checkFinite(fmt.Sprintf("group %d", i), g); err != nil {
			return Components{}, err
		}
		n += len(g)
		squares += float64(len(g)) * float64(len(g))
		all = append(all, g...)
	}
	k := len(groups)
	if k < 2 || n <= k {
		return Components{}, fmt.Errorf("%d values in %d groups: %w: expected two groups, and two values in one", n, k, ErrLength)
	}
	mean := Mean(all)
	between, within := 0.0, 0.0
	for _, g := range groups {
		m := Mean(g)
		between += float64(len(g)) * (m - mean) * (m - mean)
		for _, x := range g {
			within += (x - m) * (x - m)
		}
	}
	within /= float64(n - k)
	between /= float64(k - 1)
	size := (float64(n) - squares/float64(n)) / float64(k-1)
	estimation = min(estimation, within)
	return Components{max(0, (between-within)/size), within - estimation, estimation}, nil
}

// An Interaction tells whether the differences between arms depend on the group.
type Interaction struct {
	F, P     float64 // from the analysis of variance
	DF1, DF2 int     // degrees of freedom of F
	Variance float64 // of the arms' differences from group to group; at least 0
}

// ArmByGroup tests whether arms differ by the same amounts in every group. values are arm
// × group × unit, with equally many units in each group, which the arms share (a split
// plot). F compares the interaction with how much the differences between arms vary from
// unit to unit; p is exact for normal values. ArmByGroup returns an error if there are
// fewer than two arms, groups or units, if their numbers differ, or if a value is not
// finite.
func ArmByGroup(values [][][]float64) (Interaction, error) {
	arms := len(values)
	if arms < 2 || len(values[0]) < 2 || len(values[0][0]) < 2 {
		return Interaction{}, fmt.Errorf("%d arms: %w: expected at least two arms, groups and units", arms, ErrLength)
	}
	groups, units := len(values[0]), len(values[0][0])
	inGroup := make([][]float64, arms) // mean of each arm in each group
	byArm, byGroup := make([]float64, arms), make([]float64, groups)
	byUnit := make([][]float64, groups)
	for k := range byUnit {
		byUnit[k] = make([]float64, units)
	}
	total := 0.0
	for a := range values {
		if len(values[a]) != groups {
			return Interaction{}, fmt.Errorf("arm %d: %w: %d groups, not %d", a, ErrLength, len(values[a]), groups)
		}
		inGroup[a] = make([]float64, groups)
		for k, g := range values[a] {
			if len(g) != units {
				return Interaction{}, fmt.Errorf("arm %d, group %d: %w: %d units, not %d", a, k, ErrLength, len(g), units)
			}
			if err := checkFinite(fmt.Sprintf("arm %d, group %d", a, k), g); err != nil {
				return Interaction{}, err
			}
			m := Mean(g)
			inGroup[a][k] = m
			byArm[a] += m / float64(groups)
			byGroup[k] += m / float64(arms)
			total += m / float64(arms*groups)
			for s, x := range g {
				byUnit[k][s] += x / float64(arms)
			}
		}
	}
	// Sums of squares of the interaction, and of what arms and units leave.
	interaction, rest := 0.0, 0.0
	for a := range values {
		for k, g := range values[a] {
			d := inGroup[a][k] - byArm[a] - byGroup[k] + total
			interaction += float64(units) * d * d
			for s, x := range g {
				e := x - inGroup[a][k] - byUnit[k][s] + byGroup[k]
				rest += e * e
			}
		}
	}
	t := Interaction{DF1: (arms - 1) * (groups - 1), DF2: (arms - 1) * groups * (units - 1)}
	interaction, rest = interaction/float64(t.DF1), rest/float64(t.DF2)
	if rest == 0 {
		return Interaction{}, fmt.Errorf("arms differ alike on every unit: %w: there is nothing to compare with", ErrRange)
	}
	t.F = interaction / rest
	t.P = distuv.F{D1: float64(t.DF1), D2: float64(t.DF2)}.Survival(t.F)
	t.Variance = max(0, (interaction-rest)/float64(units))
	return t, nil
}
