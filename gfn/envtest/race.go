//go:build race

package envtest

// raceDetector is on, which makes sync.Pool drop what it holds and therefore allocate.
const raceDetector = true
