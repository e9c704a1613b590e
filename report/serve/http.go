package serve

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"
)

// How long others may take, so none holds on to the server: to ask, to take what they
// asked for, and until they ask again.
const (
	asking = 10 * time.Second
	taking = 2 * time.Minute
	idling = 2 * time.Minute
)

// Until answers the requests to a listener until the context ends.
func Until(ctx context.Context, l net.Listener, h http.Handler) error {
	server := &http.Server{Handler: h, ReadTimeout: asking, IdleTimeout: idling, MaxHeaderBytes: 16 << 10}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })()
	if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// send gives out an answer. Only this has a time limit: the first page may take any time
// to write.
func send(w http.ResponseWriter, b []byte) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(taking)) // a test's recorder has none
	_, _ = w.Write(b)                                                          // the reader has gone
}
