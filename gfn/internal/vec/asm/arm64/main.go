// Command arm64 writes the NEON assembly of package vec and its Go declarations:
//
//	go run ./arm64 -out ../asm_arm64.s -stubs ../stubs_arm64.go
//
// Go's assembler knows loads, stores and integer instructions, which are written by name.
// It does not know most vector arithmetic, which is written as encoded words, each with
// the instruction in GNU syntax as a comment; .ci/assembly.sh assembles the comments and
// compares.
package main

import (
	"flag"
	"log"
	"os"
)

func main() {
	out := flag.String("out", "", "file of the assembly")
	stubs := flag.String("stubs", "", "file of the Go declarations")
	flag.Parse()

	a := newAssembler()
	gemm(a)
	elementwise(a)
	adam(a)
	rows(a)
	reductions(a)
	expLog(a)
	softmax(a)
	rowwise(a)
	transpose(a)
	for file, text := range map[string]string{*out: a.assembly(), *stubs: a.declarations()} {
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			log.Fatal(err)
		}
	}
}
