// Package trainertest is a small, correct trainer with a tabular policy, which tests run
// as a separate program. Tests can ask it for any of a list of faults.
package trainertest
