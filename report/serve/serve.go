// Package serve gives out the page of a sweep over HTTP while the sweep is running: the
// same page as a file has, and what is being trained. It gives out nothing else, writes
// nothing, and answers only requests that name the host it is meant for.
package serve

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Source is what a server shows.
type Source struct {
	// Version changes whenever the results do. It is cheap.
	Version func() string
	// Page writes the page of the results as they are now, which has that version.
	Page func(version string) ([]byte, error)
	// Live says what is being trained.
	Live func() (Live, error)
}

// Live is what the page asks for every second.
type Live struct {
	Version string          `json:"version"`         // of the newest page
	Facts   [][2]string     `json:"facts"`           // what is counted, and the count, in words
	Figure  json.RawMessage `json:"figure"`          // of page.RunningFigure
	Error   string          `json:"error,omitempty"` // why something is missing
}

// A Server is a Source over HTTP.
type Server struct {
	source Source
	hosts  []string // that requests may name

	mu      sync.Mutex
	version string // of page; "" before the first
	page    []byte
	err     error // of the last attempt to write it
	writing chan struct{}
	next    time.Time // when it may be written again
}

// rest is how long nothing is written after a page, in times of what that one took, so
// following a sweep takes a fifth of a processor from its training at most.
const rest = 4

// New returns the server of a source, for requests to the host and port of an address.
// If that is one of this machine alone, they may also name it localhost.
func New(s Source, addr net.Addr) *Server {
	hosts := []string{addr.String()}
	if host, port, err := net.SplitHostPort(addr.String()); err == nil {
		if ip := net.ParseIP(host); ip != nil && (ip.IsLoopback() || ip.IsUnspecified()) {
			hosts = append(hosts, "localhost:"+port, "127.0.0.1:"+port, "[::1]:"+port)
		}
	}
	return &Server{source: s, hosts: hosts}
}

// Allow lets requests name another host, such as that of a tunnel.
func (s *Server) Allow(host string) { s.hosts = append(s.hosts, host) }

// ServeHTTP answers a request: for the page, or for what is being trained.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	switch {
	case !slices.Contains(s.hosts, strings.ToLower(r.Host)): // a page elsewhere may have had its name point here
		http.Error(w, "this server answers to "+strings.Join(s.hosts, ", "), http.StatusMisdirectedRequest)
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "there is nothing to change here", http.StatusMethodNotAllowed)
	case r.URL.Path == "/":
		s.writePage(w, r)
	case r.URL.Path == "/live":
		s.writeLive(w)
	default:
		http.NotFound(w, r)
	}
}

// writePage gives out the newest page; the first one is waited for.
func (s *Server) writePage(w http.ResponseWriter, r *http.Request) {
	done := s.refresh()
	s.mu.Lock()
	ready := s.version != ""
	s.mu.Unlock()
	if !ready && done != nil {
		select {
		case <-done:
		case <-r.Context().Done():
			return
		}
	}
	s.mu.Lock()
	page, err := s.page, s.err
	s.mu.Unlock()
	if page == nil && err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	send(w, page)
}

// refresh begins to write the page anew if the results have changed. It returns what is
// closed once that is done, nil if the page is up to date.
func (s *Server) refresh() chan struct{} {
	version := s.source.Version()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writing != nil || version == s.version || time.Now().Before(s.next) {
		return s.writing
	}
	done := make(chan struct{})
	s.writing = done
	go func() {
		began := time.Now()
		page, err := s.write(version)
		s.mu.Lock()
		defer s.mu.Unlock()
		s.next = time.Now().Add(rest * time.Since(began))
		if s.err = err; err == nil {
			s.page, s.version = page, version
		}
		s.writing = nil
		close(done)
	}()
	return done
}

// write writes a page. A crash of it is an error, and the server goes on.
func (s *Server) write(version string) (page []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("the page cannot be written: %v", r)
		}
	}()
	return s.source.Page(version)
}

// Warm writes the first page, so nobody waits for it.
func (s *Server) Warm() { s.refresh() }

func (s *Server) writeLive(w http.ResponseWriter) {
	s.refresh()
	live, err := s.source.Live()
	s.mu.Lock()
	live.Version = s.version
	if err == nil {
		err = s.err
	}
	s.mu.Unlock()
	if err != nil {
		live.Error = err.Error()
	}
	if live.Figure == nil {
		live.Figure = json.RawMessage(`{"labels":[],"panels":[]}`)
	}
	if live.Facts == nil {
		live.Facts = [][2]string{}
	}
	b, err := json.Marshal(live)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	send(w, b)
}
