//go:build !unix

package trainertest

// Main does nothing here: the trainer is for Unix alone.
func Main() {}
