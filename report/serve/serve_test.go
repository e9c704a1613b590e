package serve

import (
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// sweep is a source that a test changes.
type sweep struct {
	version string
	err     error
	pages   int
}

func (s *sweep) source() Source {
	return Source{
		Version: func() string { return s.version },
		Page: func(v string) ([]byte, error) {
			s.pages++
			return []byte("page of " + v), s.err
		},
		Live: func() (Live, error) { return Live{Facts: [][2]string{{"cells", "3"}}}, nil },
	}
}

func get(s *Server, method, host, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, "http://x"+path, nil)
	r.Host = host
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	return w
}

// Only requests for the page and what is being trained are answered, and only if they
// name the server's own host.
func TestRequests(t *testing.T) {
	s := New((&sweep{version: "1"}).source(), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8000})
	s.Allow("tunnel.example:80")
	for _, c := range []struct {
		method, host, path string
		want               int
	}{
		{"GET", "127.0.0.1:8000", "/", 200}, {"GET", "localhost:8000", "/live", 200}, {"HEAD", "[::1]:8000", "/", 200},
		{"GET", "LOCALHOST:8000", "/", 200}, {"GET", "tunnel.example:80", "/", 200},
		{"GET", "evil.example", "/", 421}, {"GET", "127.0.0.1", "/", 421}, {"GET", "127.0.0.1:8001", "/live", 421},
		{"POST", "127.0.0.1:8000", "/", 405}, {"DELETE", "127.0.0.1:8000", "/live", 405},
		{"GET", "127.0.0.1:8000", "/suite.toml", 404}, {"GET", "127.0.0.1:8000", "/../../etc/passwd", 404}, {"GET", "127.0.0.1:8000", "/live/", 404},
	} {
		if got := get(s, c.method, c.host, c.path).Code; got != c.want {
			t.Errorf("%s %s of %s: %d, want %d", c.method, c.path, c.host, got, c.want)
		}
	}
	other := New((&sweep{}).source(), &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 8000})
	if got := get(other, "GET", "localhost:8000", "/").Code; got != 421 {
		t.Errorf("another address answers to localhost: %d", got)
	}
}

// A page is written once for each version of the results; while it is, and where it
// cannot be, the one before is given out.
func TestVersions(t *testing.T) {
	of := &sweep{version: "1"}
	s := New(of.source(), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8000})
	page := func() string { return get(s, http.MethodGet, "localhost:8000", "/").Body.String() }
	live := func() (l Live) {
		if err := json.Unmarshal(get(s, http.MethodGet, "localhost:8000", "/live").Body.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		return l
	}
	settle := func() {
		if done := s.refresh(); done != nil {
			<-done
		}
	}
	if first, again := page(), page(); first != "page of 1" || again != first || of.pages != 1 || live().Version != "1" {
		t.Errorf("%d pages were written for one version, the last %q", of.pages, page())
	}
	of.version, of.err = "2", errors.New("a file is damaged")
	settle()
	if l := live(); page() != "page of 1" || l.Version != "1" || !strings.Contains(l.Error, "damaged") {
		t.Errorf("where the page cannot be written, there is %q and %+v", page(), l)
	}
	settle()
	of.err = nil
	settle()
	if l := live(); page() != "page of 2" || l.Version != "2" || l.Error != "" {
		t.Errorf("%q, %+v", page(), l)
	}
}
