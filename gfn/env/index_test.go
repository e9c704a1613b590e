package env_test

import (
	"testing"

	"pgregory.net/rapid"

	"gfnbench/gfn/env"
)

// An index agrees with a map, before and after it is emptied.
func TestIndex(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := env.NewIndex(2)
		for range 2 {
			want := map[[2]uint64]int{}
			for range rapid.IntRange(0, 300).Draw(t, "codes") {
				code := [2]uint64{rapid.Uint64Range(0, 9).Draw(t, "low"), rapid.Uint64().Draw(t, "high") & 15 << 60}
				i, known := want[code]
				if !known {
					i = len(want)
					if x.Find(code[:]) != -1 {
						t.Fatalf("%v was never added", code)
					}
				}
				if got, fresh := x.Add(code[:]); got != i || fresh == known {
					t.Fatalf("%v has number %d, fresh %v, expected %d", code, got, fresh, i)
				}
				want[code] = i
			}
			if x.Len() != len(want) || len(x.Codes()) != 2*len(want) {
				t.Fatalf("%d codes, expected %d", x.Len(), len(want))
			}
			for code, i := range want {
				if x.Find(code[:]) != i || [2]uint64(x.Code(i)) != code {
					t.Fatalf("%v is number %d, expected %d", code, x.Find(code[:]), i)
				}
			}
			x.Reset()
		}
	})
}
