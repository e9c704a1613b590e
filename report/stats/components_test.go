package stats

import (
	"math"
	"testing"

	"gfnbench/gfn/stream"
)

// TestNestedClosedForm: two groups 0, 2 and 4, 6 have MSW 2 and MSB 16, hence 7 between
// and 2 within. A mean squared standard error of 1/2 belongs to estimation.
func TestNestedClosedForm(t *testing.T) {
	got, err := Nested([][]float64{{0, 2}, {4, 6}}, 0.5)
	if err != nil || got != (Components{7, 1.5, 0.5}) {
		t.Errorf("%+v, %v; want 7, 1.5, 0.5", got, err)
	}
	// Equal means: MSB is 0 and its component not negative.
	if got, err := Nested([][]float64{{0, 2}, {0, 2}}, 3); err != nil || got != (Components{0, 0, 2}) {
		t.Errorf("%+v, %v; want 0, 0, 2", got, err)
	}
	for _, bad := range [][][]float64{{{1, 2}}, {{1}, {2}}, {{1, math.Inf(1)}, {2, 3}}} {
		if _, err := Nested(bad, 0); err == nil {
			t.Errorf("%v gives no error", bad)
		}
	}
}

// TestNestedKnownTruth: components of 4, 1 and 1/4, in 4,000 groups of 2 to 4 units.
func TestNestedKnownTruth(t *testing.T) {
	rng := stream.NewKey("components").Stream("values", 0)
	groups := make([][]float64, 4000)
	for k := range groups {
		mean := 2 * rng.Normal()
		for range 2 + k%3 {
			groups[k] = append(groups[k], mean+rng.Normal()+rng.Normal()/2)
		}
	}
	got, err := Nested(groups, 0.25)
	if err != nil || math.Abs(got.Between-4) > 0.3 || math.Abs(got.Within-1) > 0.06 || got.Estimation != 0.25 {
		t.Errorf("%+v, %v; want about 4, 1, 0.25", got, err)
	}
}

// TestArmByGroup: with two arms F equals that of a one-way analysis of variance of their
// differences by group, here 1, 3 and 5, 9, with MSB 25 and MSW 5.
func TestArmByGroup(t *testing.T) {
	got, err := ArmByGroup([][][]float64{{{1, 3}, {5, 9}}, {{0, 0}, {0, 0}}})
	if err != nil || math.Abs(got.F-5) > 1e-12 || got.DF1 != 1 || got.DF2 != 2 {
		t.Fatalf("%+v, %v; want F(1, 2) = 5", got, err)
	}
	// F(1, 2) is the square of Student's t with 2 degrees of freedom: p = 1 - t/√(2+t²).
	if want := 1 - math.Sqrt(5./7); math.Abs(got.P-want) > 1e-12 {
		t.Errorf("p %v, want %v", got.P, want)
	}
	// The mean square of the interaction is half of that of the differences: (25 -
	// 5)/2/2.
	if math.Abs(got.Variance-5) > 1e-12 {
		t.Errorf("variance %v, want 5", got.Variance)
	}
	if _, err := ArmByGroup([][][]float64{{{1, 3}, {5, 9}}, {{0, 0}, {0}}}); err == nil {
		t.Error("unequal groups give no error")
	}
}

// TestArmByGroupLevel: without an interaction p is uniform, whatever arms, groups and
// units have in common: 5% of 2,000 simulated sets, ± three standard errors.
func TestArmByGroupLevel(t *testing.T) {
	rng := stream.NewKey("interaction").Stream("values", 0)
	const sets = 2000
	rejected := 0
	for range sets {
		values := make([][][]float64, 3)
		for a := range values {
			values[a] = make([][]float64, 4)
		}
		for k := range 4 {
			group := 5 * rng.Normal()
			for range 3 {
				unit := rng.Normal()
				for a := range values {
					values[a][k] = append(values[a][k], float64(a)+group+unit+rng.Normal()/3)
				}
			}
		}
		got, err := ArmByGroup(values)
		if err != nil {
			t.Fatal(err)
		}
		if got.P <= Level {
			rejected++
		}
	}
	if share := float64(rejected) / sets; math.Abs(share-Level) > 3*math.Sqrt(Level*(1-Level)/sets) {
		t.Errorf("%v rejected, want %v", share, Level)
	}
}
