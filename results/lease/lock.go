package lease

import (
	"errors"
	"time"
)

var (
	// ErrBusy says that another process holds a lease, or may hold it.
	ErrBusy = errors.New("another process is at work")
	// ErrLost says that a lease was taken over.
	ErrLost = errors.New("another process took this one for dead and took over; nothing is lost")
)

// A Lock is a single lease with a separate holder.
type Lock struct {
	holder *Holder
	name   string
}

// Lock takes a lease. While another process holds it, Lock waits, and gives up
// with [ErrBusy].
func (w *Watcher) Lock(name string, wait time.Duration) (*Lock, error) {
	h, err := w.Join("", Task{})
	if err != nil {
		return nil, err
	}
	deadline := time.Now().Add(wait)
	ok, _, err := h.Claim(name)
	for pause := 5 * time.Millisecond; !ok && err == nil && time.Now().Before(deadline); pause = min(2*pause, time.Second) {
		time.Sleep(min(pause, time.Until(deadline)))
		ok, _, err = h.Claim(name)
	}
	if ok {
		return &Lock{h, name}, nil
	}
	h.Close()
	if err == nil {
		err = ErrBusy
	}
	return nil, err
}

// Held returns nil, or [ErrLost] if another process has the lease.
func (l *Lock) Held() error {
	if l.holder.Holds(l.name) {
		return nil
	}
	return ErrLost
}

// Release gives the lease back.
func (l *Lock) Release() { l.holder.Close() }
