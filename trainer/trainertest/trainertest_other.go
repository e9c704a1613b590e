//go:build !unix

package trainertest

// Main does nothing here: the trainer works only on Unix.
func Main() {}
