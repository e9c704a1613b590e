package envtest_test

import (
	"math"
	"slices"
	"sync/atomic"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
	"gfnbench/gfn/stream"
)

// complete has every capability of a discrete environment: sets of 3 out of 6.
type complete interface {
	env.Inclusive
	env.TargetSampler
}

func sets(t *testing.T, p param.Values) complete {
	t.Helper()
	e, err := kinds.Lookup("sets").Make(p)
	if err != nil {
		t.Fatal(err)
	}
	return e.(complete)
}

// Each of these types has one fault.
type (
	hidesAction      struct{ complete } // element 2 cannot join element 0
	losesAction      struct{ complete } // element 2 never
	repeatsAction    struct{ complete } // an element twice
	masksBeyond      struct{ complete }
	keepsMask        struct{ complete }
	goesOn           struct{ complete }
	endsEarly        struct{ complete }
	wrongBack        struct{ complete }
	wrongForward     struct{ complete }
	wrongChild       struct{ complete }
	hidesParent      struct{ complete }
	countsParents    struct{ complete }
	doublesParents   struct{ complete }
	remembersOrder   struct{ complete }
	writesState      struct{ complete }
	wrongReset       struct{ complete }
	wrongReward      struct{ complete }
	infiniteReward   struct{ complete }
	wrongLogZ        struct{ complete }
	wrongStates      struct{ complete }
	wrongTerminals   struct{ complete }
	wrongSteps       struct{ complete }
	deniesSampler    struct{ complete }
	noReason         struct{ complete }
	deniesLogZ       struct{ complete }
	descending       struct{ complete }
	beyondFeatures   struct{ complete }
	sameFeatures     struct{ complete }
	truncates        struct{ complete }
	sameFormat       struct{ complete }
	uniformSampler   struct{ complete }
	partialSampler   struct{ complete }
	stickySampler    struct{ complete }
	wrongInclusion   struct{ complete }
	unsortedActions  struct{ complete }
	wrongActions     struct{ complete }
	allocates        struct{ complete }
	panics           struct{ complete }
	duplicateField   struct{ complete }
	dependsOnHistory struct {
		complete
		calls *atomic.Int64
	}
)

func (e hidesAction) Mask(s, mask []uint64) {
	e.complete.Mask(s, mask)
	if s[0] == 1 {
		mask[0] &^= 4
	}
}
func (e losesAction) Mask(s, mask []uint64) {
	e.complete.Mask(s, mask)
	mask[0] &^= 4
}
func (e repeatsAction) Mask(s, mask []uint64) {
	e.complete.Mask(s, mask)
	if s[0] == 1 {
		mask[0] |= 1
	}
}
func (e masksBeyond) Mask(s, mask []uint64) {
	e.complete.Mask(s, mask)
	mask[0] |= 1 << 6
}
func (e keepsMask) Mask(s, mask []uint64) {
	was := mask[0]
	e.complete.Mask(s, mask)
	mask[0] |= was & 63
}
func (e goesOn) Mask(s, mask []uint64) { mask[0] = ^s[0] & 63 }

func (e endsEarly) Terminal(s []uint64) bool { return e.Parents(s) >= 2 }

func (e wrongBack) Step(s []uint64, a int) int {
	e.complete.Step(s, a)
	return (a + 1) % 6
}
func (e wrongForward) StepBack(s []uint64, b int) int {
	e.complete.StepBack(s, b)
	return 5 - b
}
func (e wrongChild) Step(s []uint64, a int) int {
	if s[0] == 1 && a == 1 {
		s[0] = 0
		e.complete.Step(s, 2)
	}
	return e.complete.Step(s, a)
}
func (e hidesParent) BackwardMask(s, mask []uint64) {
	e.complete.BackwardMask(s, mask)
	if s[0] == 3 {
		mask[0] = 1
	}
}
func (e countsParents) Parents(s []uint64) int { return min(2, e.complete.Parents(s)) }

// doublesParents numbers each way back twice, b and b + 6.
func (e doublesParents) BackwardActions() int   { return 12 }
func (e doublesParents) Parents(s []uint64) int { return 2 * e.complete.Parents(s) }
func (e doublesParents) Terminal(s []uint64) bool {
	return e.complete.Parents(s) == 3
}
func (e doublesParents) BackwardMask(s, mask []uint64) { mask[0] = s[0] | s[0]<<6 }
func (e doublesParents) StepBack(s []uint64, b int) int {
	return e.complete.StepBack(s, b%6)
}

// remembersOrder keeps a hash of the actions in a second word. It is invertible,
// so each step taken back and again gives the same code.
func (e remembersOrder) Words() int               { return 2 }
func (e remembersOrder) Reset(s []uint64)         { clear(s) }
func (e remembersOrder) Terminal(s []uint64) bool { return e.complete.Terminal(s[:1]) }
func (e remembersOrder) Parents(s []uint64) int   { return e.complete.Parents(s[:1]) }
func (e remembersOrder) Mask(s, mask []uint64)    { e.complete.Mask(s[:1], mask) }
func (e remembersOrder) Step(s []uint64, a int) int {
	s[1] = s[1]*3 + uint64(a)
	return e.complete.Step(s[:1], a)
}
func (e remembersOrder) StepBack(s []uint64, b int) int {
	s[1] = (s[1] - uint64(b)) * 0xaaaaaaaaaaaaaaab // the inverse of 3
	return e.complete.StepBack(s[:1], b)
}
func (e remembersOrder) AppendFeatures(idx []int32, s []uint64) []int32 {
	return e.complete.AppendFeatures(idx, s[:1])
}
func (e remembersOrder) AppendTerminalActions(actions []int, x []uint64) []int {
	return e.complete.AppendTerminalActions(actions, x[:1])
}

func (e writesState) AppendFeatures(idx []int32, s []uint64) []int32 {
	idx = e.complete.AppendFeatures(idx, s)
	s[0] = 0
	return idx
}
func (e wrongReset) Reset(s []uint64) { s[0] |= 0 }

func (e wrongReward) LogReward(x []uint64) float64 {
	r := e.complete.LogReward(x)
	if x[0] == 7 {
		r += 1e-9
	}
	return r
}
func (e infiniteReward) LogReward(x []uint64) float64 {
	if x[0] == 7 {
		return math.Inf(-1)
	}
	return e.complete.LogReward(x)
}
func (e wrongLogZ) LogZ() float64 { return e.complete.LogZ() * (1 + 1e-11) }

func (e wrongStates) Capabilities() env.Capabilities {
	c := e.complete.Capabilities()
	c.States++
	return c
}
func (e wrongTerminals) Capabilities() env.Capabilities {
	c := e.complete.Capabilities()
	c.Terminals--
	return c
}
func (e deniesSampler) Capabilities() env.Capabilities {
	c := e.complete.Capabilities()
	c.TargetSamples = env.No("of no reason")
	return c
}
func (e noReason) Capabilities() env.Capabilities {
	c := e.complete.Capabilities()
	c.Enumerable = env.Capability{}
	return c
}
func (e deniesLogZ) Capabilities() env.Capabilities {
	c := e.complete.Capabilities()
	c.LogZ = env.No("of no reason")
	return c
}
func (e wrongSteps) MaxSteps() int { return 4 }

func (e descending) AppendFeatures(idx []int32, s []uint64) []int32 {
	n := len(idx)
	idx = e.complete.AppendFeatures(idx, s)
	slices.Reverse(idx[n:])
	return idx
}
func (e beyondFeatures) Features() int { return 5 }
func (e sameFeatures) AppendFeatures(idx []int32, s []uint64) []int32 {
	if s[0] == 3 {
		return append(idx, 0)
	}
	return e.complete.AppendFeatures(idx, s)
}
func (e truncates) AppendFeatures(idx []int32, s []uint64) []int32 {
	return e.complete.AppendFeatures(idx[:0], s)
}
func (e sameFormat) Format([]uint64) string { return "{}" }

func (e uniformSampler) SampleTarget(rng *stream.Stream, x []uint64) {
	x[0] = 0
	for e.Parents(x) < 3 {
		x[0] |= 1 << rng.IntN(6)
	}
}
func (e partialSampler) SampleTarget(rng *stream.Stream, x []uint64) {
	e.complete.SampleTarget(rng, x)
	x[0] &= x[0] - 1
}
func (e stickySampler) SampleTarget(rng *stream.Stream, x []uint64) {
	was := x[0]
	e.complete.SampleTarget(rng, x)
	x[0] |= was & (1 << 63)
}
func (e wrongInclusion) Inclusion() []float64 {
	p := e.complete.Inclusion()
	p[0], p[1] = p[1], p[0]
	return p
}
func (e unsortedActions) AppendTerminalActions(actions []int, x []uint64) []int {
	n := len(actions)
	actions = e.complete.AppendTerminalActions(actions, x)
	slices.Reverse(actions[n:])
	return actions
}
func (e wrongActions) AppendTerminalActions(actions []int, x []uint64) []int {
	return append(actions, 0, 1, 2)
}
func (e allocates) LogReward(x []uint64) float64 {
	return e.complete.LogReward(slices.Clone(x))
}
func (e panics) StepBack(s []uint64, b int) int {
	if b == 3 {
		panic("out of order")
	}
	return e.complete.StepBack(s, b)
}
func (e duplicateField) Instance() []env.Field {
	return append(e.complete.Instance(), e.complete.Instance()...)
}
func (e dependsOnHistory) Step(s []uint64, a int) int {
	e.calls.Add(1)
	return e.complete.Step(s, a)
}
func (e dependsOnHistory) LogReward(x []uint64) float64 {
	return float64(e.calls.Load()%1000) / 1000
}

// small and large are the messages for the same fault found by enumeration and along
// walks.
func TestDiscreteFindsFaults(t *testing.T) {
	c := sets(t, param.Values{"elements": param.Of(6), "size": param.Of(3), "f": param.Of([]float64{0.1, 2, 0.3, 1.4, 0.5, 1})})
	for _, f := range []struct {
		name         string
		e            env.Discrete
		small, large string // part of the message; large is empty if only enumeration finds the fault
	}{
		{"hidesAction", hidesAction{c}, "where the forward action 2 it returned is illegal", "it returned is illegal"},
		{"losesAction", losesAction{c}, "42 states are declared, there are 26", ""},
		{"repeatsAction", repeatsAction{c}, "action 0, undone", "action 0, undone"},
		{"masksBeyond", masksBeyond{c}, "action 6 of 6 is legal", "action 6 of 6 is legal"},
		{"keepsMask", keepsMask{c}, "legal actions", "legal actions"},
		{"goesOn", goesOn{c}, "terminal is true with 3 legal actions", "terminal is true"},
		{"endsEarly", endsEarly{c}, "terminal is true with 4 legal actions", "terminal is true"},
		{"wrongBack", wrongBack{c}, "it returned is illegal", "it returned is illegal"},
		{"wrongForward", wrongForward{c}, "and forward action", "and forward action"},
		{"wrongChild", wrongChild{c}, "action 1, undone, gives {2}", "undone, gives {2}"},
		{"hidesParent", hidesParent{c}, "where the backward action 1 it returned is illegal", "it returned is illegal"},
		{"countsParents", countsParents{c}, "Parents is 2, but 3 backward", "Parents is 2, but 3 backward"},
		{"doublesParents", doublesParents{c}, "two backward actions", "two backward actions"},
		{"remembersOrder", remembersOrder{c}, "0 legal backward actions", "0 legal backward actions"},
		{"writesState", writesState{c}, "looking at the state changed it", "looking at the state changed it"},
		{"wrongReset", wrongReset{c}, "enumeration", "walks"},
		{"wrongReward", wrongReward{c}, "log Z: ", ""},
		{"infiniteReward", infiniteReward{c}, "log r is -Inf", "log r is -Inf"},
		{"wrongLogZ", wrongLogZ{c}, "log Z: ", ""},
		{"wrongStates", wrongStates{c}, "43 states are declared, there are 42", ""},
		{"wrongTerminals", wrongTerminals{c}, "19 terminal states are declared, there are 20", ""},
		{"wrongSteps", wrongSteps{c}, "MaxSteps is 4", ""},
		{"deniesSampler", deniesSampler{c}, "SampleTarget exists: true", "SampleTarget exists: true"},
		{"noReason", noReason{c}, "capability Enumerable", "capability Enumerable"},
		{"deniesLogZ", deniesLogZ{c}, "although the capability LogZ is false", "although the capability LogZ"},
		{"descending", descending{c}, "not ascending", "not ascending"},
		{"beyondFeatures", beyondFeatures{c}, "not ascending below 5", "not ascending below 5"},
		{"sameFeatures", sameFeatures{c}, "features [0] are also those of", ""},
		{"truncates", truncates{c}, "AppendFeatures does not append", "AppendFeatures does not append"},
		{"sameFormat", sameFormat{c}, "format {} are also those of", ""},
		{"uniformSampler", uniformSampler{c}, "target samples: chi-square", "inclusion: action"},
		{"partialSampler", partialSampler{c}, "is not a terminal state", "is not a terminal state"},
		{"stickySampler", stickySampler{c}, "is not a terminal state", "is not a terminal state"},
		{"wrongInclusion", wrongInclusion{c}, "inclusion: action 0", "inclusion: action 0"},
		{"unsortedActions", unsortedActions{c}, "3 ascending ones", "3 ascending ones"},
		{"wrongActions", wrongActions{c}, "instead of", "instead of"},
		{"allocates", allocates{c}, "allocate 1 times", "allocate 1 times"},
		{"panics", panics{c}, "panic: out of order", "panic: out of order"},
		{"duplicateField", duplicateField{c}, `field "f"`, `field "f"`},
		{"dependsOnHistory", dependsOnHistory{c, new(atomic.Int64)}, "concurrent use: ", "concurrent use: "},
	} {
		t.Run(f.name, func(t *testing.T) {
			if f.name == "allocates" && envtest.RaceDetector {
				t.Skip("the race detector allocates")
			}
			wantError(t, f.small, func(t testing.TB) { envtest.Discrete(t, f.e) })
			if f.large != "" {
				wantError(t, f.large, func(t testing.TB) { envtest.Discrete(t, f.e, envtest.States(10)) })
			}
		})
	}
	wantNone(t, func(t testing.TB) { envtest.Discrete(t, c) })
	wantNone(t, func(t testing.TB) { envtest.Discrete(t, c, envtest.States(10)) })
}

// ungraded goes from 0 to 2 in one step or two.
type ungraded struct{ unknown bool }

func (ungraded) Kind() string { return "ungraded" }
func (e ungraded) Capabilities() env.Capabilities {
	c := env.Capabilities{Enumerable: env.Yes(), LogZ: env.Yes(), TargetSamples: env.No("nobody wrote a sampler"), States: 3, Terminals: 1}
	if e.unknown {
		c.States = math.Inf(1)
	}
	return c
}
func (ungraded) LogZ() float64                  { return 0 }
func (ungraded) Instance() []env.Field          { return nil }
func (ungraded) Words() int                     { return 1 }
func (ungraded) Actions() int                   { return 2 }
func (ungraded) BackwardActions() int           { return 2 }
func (ungraded) MaxSteps() int                  { return 2 }
func (ungraded) Reset(s []uint64)               { s[0] = 0 }
func (ungraded) Terminal(s []uint64) bool       { return s[0] == 2 }
func (ungraded) Mask(s, mask []uint64)          { mask[0] = [3]uint64{3, 1, 0}[s[0]] }
func (ungraded) BackwardMask(s, mask []uint64)  { mask[0] = [3]uint64{0, 1, 3}[s[0]] }
func (ungraded) Parents(s []uint64) int         { return int(s[0]) }
func (ungraded) LogReward([]uint64) float64     { return 0 }
func (ungraded) Features() int                  { return 3 }
func (ungraded) Format(s []uint64) string       { return string('0' + rune(s[0])) }
func (ungraded) Step(s []uint64, a int) int     { s[0] += uint64(a) + 1; return a }
func (ungraded) StepBack(s []uint64, b int) int { s[0] -= uint64(b) + 1; return b }
func (ungraded) AppendFeatures(idx []int32, s []uint64) []int32 {
	return append(idx, int32(s[0]))
}

func TestDiscreteFindsUngraded(t *testing.T) {
	wantError(t, "enumeration: at 2: paths of 1 and 2 steps lead there", func(t testing.TB) { envtest.Discrete(t, ungraded{}) })
	wantError(t, "enumeration: at 2: paths of 1 and 2 steps lead there", func(t testing.TB) { envtest.Discrete(t, ungraded{true}) })
	wantError(t, "walks: at 2: the way back", func(t testing.TB) { envtest.Discrete(t, ungraded{true}, envtest.States(1)) })
}
