package methods

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"gfnbench/report"
)

// compute says how much the runs cost, and where they ran.
func compute(s *report.Sweep) string {
	var total, longest float64
	n := 0
	machines, hosts := make(map[string]bool), make(map[string]bool)
	for _, r := range s.Rows {
		if r.Run == nil {
			continue
		}
		t := &r.Run.Timing
		total, longest, n = total+t.Wall, max(longest, t.Wall), n+1
		if t.CPU != "" {
			machines[strings.TrimSpace(t.CPU+" ("+cmp.Or(t.SIMD, "no SIMD")+")")] = true
		}
		if t.Host != "" {
			hosts[t.Host] = true
		}
	}
	if n == 0 {
		return "Nothing was run."
	}
	text := fmt.Sprintf("The runs took %s in all, %s on average and %s at most, each on one CPU core; no GPU was used.",
		duration(total), duration(total/float64(n)), duration(longest))
	if len(machines) > 0 {
		text += " Processor: " + strings.Join(slices.Sorted(maps.Keys(machines)), "; ")
		if len(hosts) > 1 {
			text += fmt.Sprintf(", on %d machines", len(hosts))
		}
		text += "."
	}
	return text
}

func duration(seconds float64) string {
	switch d := time.Duration(seconds * float64(time.Second)); {
	case d >= 100*time.Hour:
		return fmt.Sprintf("%.0f hours", d.Hours())
	case d >= time.Hour:
		return fmt.Sprintf("%.1f hours", d.Hours())
	case d >= time.Minute:
		return fmt.Sprintf("%.1f minutes", d.Minutes())
	}
	return fmt.Sprintf("%.2g s", seconds)
}

func software(s *report.Sweep) string {
	p := s.Set.Provenance
	text := "gfnbench"
	revisions := make(map[string]bool)
	for _, r := range s.Rows {
		if r.Run != nil && r.Run.Timing.Revision != "" {
			revisions[r.Run.Timing.Revision] = true
		}
	}
	if len(revisions) > 0 {
		text += ", revision " + strings.Join(slices.Sorted(maps.Keys(revisions)), " and ")
	}
	if v := p.Get("go"); v != "" {
		text += ", " + v
	}
	if v := p.Get("os"); v != "" {
		text += ", " + v
	}
	return text + fmt.Sprintf(". The results have the digest %s: the same suite gives the same rows, bit for bit, on every machine.", s.Digest())
}
