package stream_test

import (
	"fmt"

	"gfnbench/gfn/stream"
)

// Every use of chance has a separate stream, named by its purpose. The same names give
// the same numbers on every CPU, whatever was drawn elsewhere.
func ExampleNewKey() {
	key := stream.NewKey("my study", "seed 3")
	rng := key.Stream("sampling", 0) // of step 0
	fmt.Println(rng.IntN(100), rng.IntN(100))

	key.Stream("evaluation", 0).IntN(100) // disturbs nothing
	again := stream.NewKey("my study").Derive("seed 3").Stream("sampling", 0)
	fmt.Println(again.IntN(100), again.IntN(100))
	// Output:
	// 11 54
	// 96 97
}
