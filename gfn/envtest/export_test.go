package envtest

// RaceDetector reports whether allocations are not counted.
const RaceDetector = raceDetector
