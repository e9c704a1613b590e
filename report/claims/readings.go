package claims

import (
	"fmt"
	"slices"
	"strings"

	"gfnbench/report"
	"gfnbench/suites"
)

// A Factor is a choice that the paper leaves open, with the verdict for each of its
// values.
type Factor struct {
	Column string        // such as "optimizer.log_z_init"
	Values []FactorValue // in the order of the claim
}

// A FactorValue is one value of a factor and the verdicts of its readings.
type FactorValue struct {
	Value    string    // as tables write it
	Verdicts []Verdict // distinct verdicts, the decisive ones first
}

// decided reports whether the verdict decides the claim.
func decided(v Verdict) bool { return v == Supported || v == Contradicted || v == Tie }

// combine gives a claim with several readings its verdict: the common one if all agree,
// DEPENDS if two decisive ones differ, and otherwise the weakest.
func (r *Result) combine() {
	var verdicts []Verdict
	for _, one := range r.Readings {
		if !slices.Contains(verdicts, one.Verdict) {
			verdicts = append(verdicts, one.Verdict)
		}
		if r.Why == "" {
			r.Why = one.Why
		}
	}
	if len(slices.DeleteFunc(slices.Clone(verdicts), func(v Verdict) bool { return !decided(v) })) > 1 {
		r.Verdict = Depends
		r.Factors = r.deciding()
		return
	}
	for _, v := range []Verdict{NotRun, Underpowered, Inconclusive, Contradicted, Tie, Supported} {
		if slices.Contains(verdicts, v) {
			r.Verdict = v
			return
		}
	}
}

// deciding returns the smallest set of factors whose values separate the verdicts of the
// readings, leaving out readings that are not decisive.
func (r *Result) deciding() []Factor {
	conditions := r.Claim.Readings.Conditions
	for size := 1; size <= len(conditions); size++ {
		for set := range 1 << len(conditions) {
			chosen := subset(conditions, set)
			if len(chosen) == size && r.tells(chosen) {
				return r.factors(chosen)
			}
		}
	}
	return nil
}

// subset returns the columns of the conditions in the set.
func subset(conditions []suites.Condition, set int) (columns []string) {
	for i, k := range conditions {
		if set>>i&1 == 1 {
			columns = append(columns, k.Column)
		}
	}
	return columns
}

// tells reports whether readings that agree in the columns never have different decisive
// verdicts.
func (r *Result) tells(columns []string) bool {
	of := make(map[string]Verdict)
	for _, one := range r.Readings {
		if !decided(one.Verdict) {
			continue
		}
		key := ""
		for _, c := range columns {
			key += valueOf(one.Reading, c) + "\x00"
		}
		if v, ok := of[key]; ok && v != one.Verdict {
			return false
		}
		of[key] = one.Verdict
	}
	return true
}

// factors lists the verdicts for the values of the columns.
func (r *Result) factors(columns []string) (list []Factor) {
	for _, c := range columns {
		f := Factor{Column: c}
		for _, one := range r.Readings {
			value := valueOf(one.Reading, c)
			i := slices.IndexFunc(f.Values, func(v FactorValue) bool { return v.Value == value })
			if i < 0 {
				i = len(f.Values)
				f.Values = append(f.Values, FactorValue{Value: value})
			}
			if v := &f.Values[i]; !slices.Contains(v.Verdicts, one.Verdict) {
				v.Verdicts = append(v.Verdicts, one.Verdict)
			}
		}
		for i := range f.Values {
			slices.SortStableFunc(f.Values[i].Verdicts, func(a, b Verdict) int {
				switch {
				case decided(a) == decided(b):
					return 0
				case decided(a):
					return -1
				}
				return 1
			})
		}
		list = append(list, f)
	}
	return list
}

// String lists the verdicts by the values of the factor: "log_z_init: SUPPORTED with
// zero, CONTRADICTED with shift and batch".
func (f Factor) String() string {
	type part struct {
		verdicts string
		values   []string
	}
	var parts []part
	for _, v := range f.Values {
		words := make([]string, len(v.Verdicts))
		for i, verdict := range v.Verdicts {
			words[i] = string(verdict)
		}
		text := strings.Join(words, " or ")
		i := slices.IndexFunc(parts, func(p part) bool { return p.verdicts == text })
		if i < 0 {
			i = len(parts)
			parts = append(parts, part{verdicts: text})
		}
		parts[i].values = append(parts[i].values, v.Value)
	}
	texts := make([]string, len(parts))
	for i, p := range parts {
		texts[i] = p.verdicts + " with " + strings.Join(p.values, ", ")
	}
	return fmt.Sprintf("%s: %s", f.Column, strings.Join(texts, "; "))
}

// valueOf returns the value of a column in a reading.
func valueOf(reading *suites.Selector, column string) string {
	for _, k := range reading.Conditions {
		if k.Column == column {
			return suites.Format(k.Values[0])
		}
	}
	return ""
}

// ReadingName names a reading for people: "log_z_init=zero, output_init=torch".
func ReadingName(reading *suites.Selector) string {
	parts := make([]string, len(reading.Conditions))
	for i, k := range reading.Conditions {
		parts[i] = report.NamePart(k.Column, k.Values[0])
	}
	return strings.Join(parts, ", ")
}

// dependsP returns the p of a dependence on the reading. For two readings that decide
// differently it takes the larger p, then the smallest over all such pairs, times the
// number of readings searched.
func (r *Result) dependsP() float64 {
	p := 1.0
	for i, a := range r.Readings {
		for _, b := range r.Readings[i+1:] {
			if decided(a.Verdict) && decided(b.Verdict) && a.Verdict != b.Verdict {
				p = min(p, max(a.decidedP(), b.decidedP()))
			}
		}
	}
	return min(1, p*float64(len(r.Readings)))
}

// decidedP returns the p of the verdict, in the family of all claims.
func (r *Result) decidedP() float64 {
	switch r.Verdict {
	case Contradicted:
		return r.Against()
	case Tie:
		return r.TieP()
	}
	return r.overallP()
}
