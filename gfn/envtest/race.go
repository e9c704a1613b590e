//go:build race

package envtest

// raceDetector is on; it makes sync.Pool drop what it holds, and so allocate.
const raceDetector = true
