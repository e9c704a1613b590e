package envtest_test

import (
	"strings"
	"testing"

	"gfnbench/gfn/env"
	"gfnbench/gfn/env/kinds"
	"gfnbench/gfn/envtest"
	"gfnbench/gfn/param"
)

// sequence has every capability of sequences.
type sequence interface {
	env.Sequential
	env.TargetSampler
}

// Each of these types has one fault.
type (
	overwritesTokens struct{ sequence }
	losesToken       struct{ sequence }
	wideTokens       struct{ sequence }
	countsTheEnd     struct{ sequence }
)

func (e overwritesTokens) AppendTokens(ids []int32, s []uint64) []int32 {
	return e.sequence.AppendTokens(ids[:0], s)
}

func (e losesToken) AppendTokens(ids []int32, s []uint64) []int32 {
	ids = e.sequence.AppendTokens(ids, s)
	return ids[:max(1, len(ids)-1)]
}

func (e wideTokens) Tokens() int { return e.sequence.Tokens() - 1 }

func (e countsTheEnd) AppendTokens(ids []int32, s []uint64) []int32 {
	ids = e.sequence.AppendTokens(ids, s)
	if e.Terminal(s) && len(ids) < e.Positions() {
		ids = append(ids, 0)
	}
	return ids
}

func TestTokenFaults(t *testing.T) {
	made, err := kinds.Lookup("sequences").Make(param.Values{"elements": param.Of(3), "length": param.Of(4), "instance_seed": param.Of(1)})
	if err != nil {
		t.Fatal(err)
	}
	e := made.(sequence)
	if err := envtest.CheckDiscrete(e); err != nil {
		t.Fatal(err)
	}
	for name, faulty := range map[string]env.Discrete{
		"overwrites": overwritesTokens{e}, "loses": losesToken{e}, "wide": wideTokens{e}, "counts the end": countsTheEnd{e},
	} {
		if err := envtest.CheckDiscrete(faulty); err == nil || !strings.Contains(err.Error(), "tokens") {
			t.Errorf("%s: error %v, expected one of tokens", name, err)
		}
	}
}
