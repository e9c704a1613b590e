package serve

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// sweep is a source that a test changes.
type sweep struct {
	version string
	err     error
	crash   bool          // with that error
	takes   time.Duration // to write a page
	pages   int           // written
}

func (s *sweep) source() Source {
	return Source{
		Version: func() string { return s.version },
		Page: func(v string) ([]byte, error) {
			time.Sleep(s.takes)
			s.pages++
			if s.crash {
				panic(s.err)
			}
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
// cannot be, the one before is given out. After one that took a second nothing is written
// for four. The clock is that of synctest, which only sleeping moves.
func TestVersions(t *testing.T) { synctest.Test(t, versions) }

func versions(t *testing.T) {
	of := &sweep{version: "1"}
	s := New(of.source(), &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8000})
	page := func() string { return get(s, http.MethodGet, "localhost:8000", "/").Body.String() }
	live := func() (l Live) {
		if err := json.Unmarshal(get(s, http.MethodGet, "localhost:8000", "/live").Body.Bytes(), &l); err != nil {
			t.Fatal(err)
		}
		return l
	}
	if first, again := page(), page(); first != "page of 1" || again != first || of.pages != 1 || live().Version != "1" {
		t.Errorf("%d pages were written for one version, the last %q", of.pages, page())
	}
	of.version, of.takes = "2", time.Second
	for _, want := range []struct {
		after time.Duration
		pages int
		page  string
	}{{0, 1, "1"}, {time.Second, 2, "2"}, {rest*time.Second - 1, 2, "2"}, {1, 2, "2"}, {time.Second, 3, "3"}} {
		time.Sleep(want.after)
		synctest.Wait()
		if got := page(); got != "page of "+want.page || of.pages != want.pages {
			t.Errorf("%v later there are %d pages, the last %q: %+v", want.after, of.pages, got, want)
		}
		if of.pages == 2 {
			of.version = "3"
		}
	}
	for _, crash := range []bool{false, true} {
		time.Sleep(time.Minute)
		of.version, of.err, of.crash = fmt.Sprint("damaged", crash), errors.New("a file is damaged"), crash
		live()
		time.Sleep(time.Minute)
		if l := live(); page() != "page of 3" || l.Version != "3" || !strings.Contains(l.Error, "a file is damaged") {
			t.Errorf("where the page cannot be written, there is %q and %+v", page(), l)
		}
	}
	time.Sleep(time.Minute)
	of.err, of.crash = nil, false
	live()
	time.Sleep(time.Minute)
	if l := live(); page() != "page of damagedtrue" || l.Error != "" {
		t.Errorf("%q, %+v", page(), l)
	}
}
