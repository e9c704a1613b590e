package envtest

// RaceDetector reports whether allocations are left uncounted.
const RaceDetector = raceDetector
