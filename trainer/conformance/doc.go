// Package conformance checks a trainer: whether the program does what it says, on
// instances small enough to know every answer. It asks for log-probabilities,
// samples, losses and steps, computes each itself from the states of the
// environment, and names the likely bug where the two differ.
//
// A check of samples is a test, with [ErrorRate] as its error of the first kind. All
// other checks compare numbers, and never fail a correct trainer.
package conformance
