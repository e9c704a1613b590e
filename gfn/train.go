package gfn

import "iter"

// Train trains a run from its first step to its last and yields every evaluation as it
// comes. Leaving the loop stops training. An error, whether of the spec or of an
// evaluation, is yielded as the last pair. Use a Trainer for checkpoints, samples and
// shared instances.
func Train(spec Spec) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		in, err := NewInstance(spec.Environment, spec.Params)
		if err != nil {
			yield(Row{}, err)
			return
		}
		t, err := New(spec, in)
		if err != nil {
			yield(Row{}, err)
			return
		}
		for !t.Done() {
			row, evaluated, err := t.Step()
			if (evaluated || err != nil) && !yield(row, err) || err != nil {
				return
			}
		}
	}
}
