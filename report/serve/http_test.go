package serve

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are pipes in memory, so their deadlines are those
// of synctest's clock.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	if c, ok := <-p; ok {
		return c, nil
	}
	return nil, net.ErrClosed
}

func (p pipes) Close() error   { close(p); return nil }
func (p pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8000} }

func (p pipes) dial() net.Conn {
	ours, theirs := net.Pipe()
	p <- theirs
	return ours
}

const asks = "GET / HTTP/1.1\r\nHost: localhost:8000\r\n"

// Whoever asks slowly, or for too much, or does not take what was asked for, is hung up
// on; others are answered in the meantime.
func TestSlowClients(t *testing.T) { synctest.Test(t, slowClients) }

func slowClients(t *testing.T) {
	l := make(pipes)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- Until(ctx, l, New((&sweep{version: "1"}).source(), l.Addr())) }()

	began := time.Now()
	after := func() time.Duration { return time.Since(began) }
	slow := l.dial()
	_, _ = io.WriteString(slow, asks) // and no end
	if _, err := io.ReadAll(slow); err != nil || after() != asking {
		t.Errorf("one who does not finish asking is hung up on after %v (%v), want %v", after(), err, asking)
	}

	lazy := l.dial()
	_, _ = io.WriteString(lazy, asks+"\r\n")
	began = time.Now()
	other := l.dial()
	r := ask(t, other)
	if body, _ := io.ReadAll(r.Body); string(body) != "page of 1" || after() != 0 {
		t.Errorf("while another does not read, there is %q after %v", body, after())
	}
	time.Sleep(taking + 1)
	if b, _ := io.ReadAll(lazy); strings.Contains(string(b), "page of") {
		t.Errorf("one who reads nothing for %v gets %q", taking, b)
	}

	began = time.Now()
	idle := l.dial()
	_, _ = io.ReadAll(ask(t, idle).Body)
	if _, err := io.ReadAll(idle); err != nil || after() != idling {
		t.Errorf("one who asks for no more is hung up on after %v (%v), want %v", after(), err, idling)
	}

	large := l.dial()
	go func() { _, _ = io.WriteString(large, asks+"X: "+strings.Repeat("x", 1<<20)+"\r\n\r\n") }()
	if r, err := http.ReadResponse(bufio.NewReader(large), nil); err != nil || r.StatusCode != http.StatusRequestHeaderFieldsTooLarge {
		t.Errorf("a large header gets %+v, %v", r, err)
	}
	_ = large.Close()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	time.Sleep(time.Second) // net/http waits before it hangs up
}

func ask(t *testing.T, c net.Conn) *http.Response {
	t.Helper()
	_, _ = io.WriteString(c, asks+"\r\n")
	r, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}
