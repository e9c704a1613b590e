package vec

// path is a set of implementations of the kernels.
type path int

const (
	pathGo path = iota
	pathAVX2
	pathAVX512
)

// active is the path that the kernels take; tests change it.
var active = detect()

// Path returns the name of the implementations in use: "avx512", "avx2" or
// "go".
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
	}
	return "go"
}
