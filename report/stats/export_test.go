package stats

// Accelerations is for tests of the constant of BCa against published values.
var Accelerations = accelerations
