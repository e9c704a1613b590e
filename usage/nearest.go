package usage

import (
	"fmt"
	"slices"
	"strings"
)

// DidYouMean returns " (did you mean \"x\"?)" for the nearest of the names, or ""
// if none is near.
func DidYouMean(name string, names []string) string {
	if n := nearest(name, names); n != "" {
		return fmt.Sprintf(" (did you mean %q?)", n)
	}
	return ""
}

// Suggest returns " (did you mean \"x\"?)" for the nearest of the names, or else
// the list of names.
func Suggest(name string, names []string) string {
	if nearest := DidYouMean(name, names); nearest != "" || len(names) == 0 {
		return nearest
	}
	return ": there are " + strings.Join(slices.Compact(slices.Sorted(slices.Values(names))), ", ")
}

// nearest returns the name with the smallest edit distance, or "" if that is more
// than a third of its length, or 2 if that is more. A name that begins with what
// was typed, or ends with it after a dot, as optimizer.lr does with lr, is as near
// as one slip.
func nearest(name string, names []string) string {
	best, bestDistance := "", 1<<30
	for _, n := range names {
		d := distance(name, n)
		if len(name) > 1 && (strings.HasPrefix(n, name) || strings.HasSuffix(n, "."+name)) {
			d = min(d, 1)
		}
		if d < bestDistance && d <= max(2, len(n)/3) && d < max(len(n), len(name)) {
			best, bestDistance = n, d
		}
	}
	return best
}

// distance returns the number of insertions, deletions, substitutions and swaps of
// neighbours that turn a into b (optimal string alignment). Letters that differ
// only in case, and _ for -, count as equal.
func distance(a, b string) int {
	const longest = 64 // names are short; longer text is not worth the time
	if len(a) > longest || len(b) > longest {
		return longest
	}
	rows := [3][]int{make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		before, above, row := rows[(i+1)%3], rows[(i+2)%3], rows[i%3]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if fold(a[i-1]) == fold(b[j-1]) {
				cost = 0
			}
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+cost)
			if i > 1 && j > 1 && fold(a[i-1]) == fold(b[j-2]) && fold(a[i-2]) == fold(b[j-1]) {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}

func fold(c byte) byte {
	switch {
	case 'A' <= c && c <= 'Z':
		return c + 'a' - 'A'
	case c == '_':
		return '-'
	}
	return c
}
