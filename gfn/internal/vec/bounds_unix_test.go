//go:build linux || darwin

package vec

import (
	"math/rand/v2"
	"runtime/debug"
	"syscall"
	"testing"
	"unsafe"
)

// fences is memory in blocks, with an inaccessible page before and after each.
type fences struct {
	memory []byte
	used   int  // blocks
	end    bool // slices end where their block does; otherwise they begin there
}

const fenceBlocks, fenceBytes = 16, 1 << 20

func newFences(t *testing.T) *fences {
	page := syscall.Getpagesize()
	m, err := syscall.Mmap(-1, 0, fenceBlocks*(fenceBytes+page)+page, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_ANON|syscall.MAP_PRIVATE)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Munmap(m) })
	for at := 0; at < len(m); at += fenceBytes + page {
		if err := syscall.Mprotect(m[at:at+page], syscall.PROT_NONE); err != nil {
			t.Fatal(err)
		}
	}
	return &fences{memory: m}
}

// take returns memory in the next block.
func (f *fences) take(bytes int) unsafe.Pointer {
	page := syscall.Getpagesize()
	at := page + f.used*(fenceBytes+page)
	if bytes > fenceBytes || f.used == fenceBlocks {
		panic("the blocks are too few or too small")
	}
	f.used++
	if f.end {
		at += fenceBytes - bytes
	}
	return unsafe.Pointer(&f.memory[at])
}

// TestBounds: no kernel on any path reads or writes outside its arguments, which end or
// begin next to an inaccessible page.
func TestBounds(t *testing.T) {
	f := newFences(t)
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	arena = f.take
	defer func() { arena = nil }()
	for _, k := range kernels {
		for _, p := range paths() {
			for n := range 75 {
				for _, f.end = range []bool{false, true} {
					f.used = 0
					within(t, f, k, p, n)
				}
			}
		}
	}
}

// within calls a kernel and reports a fault.
func within(t *testing.T, f *fences, k kernel, p path, n int) {
	t.Helper()
	defer func() {
		if r := recover(); r != nil {
			t.Errorf("%s on %v, n = %d, arguments at the end %v: %v", k.name, p, n, f.end, r)
		}
	}()
	onPath(p, func() { k.make(rand.New(rand.NewPCG(uint64(n), 1)), n, false)() })
}
