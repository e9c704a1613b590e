package vec

// path is a set of implementations of the kernels.
type path int

const (
	pathGo path = iota
	pathAVX
	pathAVX2
	pathAVX512
	pathNEON
)

// active is the path that the kernels take. Tests change it.
var active = best()

// best returns the fastest available path.
func best() path {
	ps := available()
	return ps[len(ps)-1]
}

// Path returns the name of the implementations in use: "avx512", "avx2", "avx",
// "neon" or "go".
func Path() string {
	return active.String()
}

// String returns the name of p.
func (p path) String() string {
	switch p {
	case pathAVX512:
		return "avx512"
	case pathAVX2:
		return "avx2"
	case pathAVX:
		return "avx"
	case pathNEON:
		return "neon"
	}
	return "go"
}
