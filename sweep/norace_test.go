//go:build !race

package sweep

// raceEnabled says that the race detector slows everything down.
const raceEnabled = false
