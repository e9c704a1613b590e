package parallel

import "testing"

// A helper that gets no processor does not hold up the caller.
func TestAbsentHelper(t *testing.T) {
	absent := &helper{wake: make(chan struct{}, 1)} // its goroutine is not there
	p := &Pool{helpers: []*helper{absent}}
	for range 3 {
		var visits [100]int
		p.Do(len(visits), 1, func(lo, hi int) {
			for i := lo; i < hi; i++ {
				visits[i]++
			}
		})
		for i, n := range visits {
			if n != 1 {
				t.Fatalf("element %d is visited %d times", i, n)
			}
		}
		if absent.work != nil {
			t.Fatal("the helper keeps work that was taken back")
		}
	}
	go absent.run() // what was taken back is not done again, and new work is
	p.Do(100, 1, func(lo, hi int) {})
	absent.give(nil, 0, 0)
}
