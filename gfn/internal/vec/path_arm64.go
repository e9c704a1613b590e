//go:build !noasm

package vec

import "golang.org/x/sys/cpu"

//go:generate go run -C asm ./arm64 -out ../asm_arm64.s -stubs ../stubs_arm64.go

// available returns the paths that the CPU, the operating system and GODEBUG allow,
// ordered from slowest to fastest.
func available() []path {
	if !cpu.ARM64.HasASIMD {
		return []path{pathGo}
	}
	return []path{pathGo, pathNEON}
}
