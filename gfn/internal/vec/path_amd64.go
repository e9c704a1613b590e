//go:build !noasm

package vec

import "golang.org/x/sys/cpu"

//go:generate go run -C asm . -out ../asm_amd64.s -stubs ../stubs_amd64.go -pkg vec

// available returns the paths that the CPU, the operating system and GODEBUG allow,
// ordered from slowest to fastest.
func available() []path {
	x := &cpu.X86
	switch {
	case !x.HasAVX:
		return []path{pathGo}
	case !x.HasAVX2 || !x.HasFMA || !x.HasBMI2:
		return []path{pathGo, pathAVX}
	case x.HasAVX512F && x.HasAVX512DQ && x.HasAVX512BW && x.HasAVX512VL:
		return []path{pathGo, pathAVX, pathAVX2, pathAVX512}
	}
	return []path{pathGo, pathAVX, pathAVX2}
}
