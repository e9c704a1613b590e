package cluster

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// pack returns the number of tasks for the given seconds of training, if each
// takes about taskSeconds on the given workers. It is at most the number of parts
// into which the sweep can be divided. If limits allow fewer, the tasks are
// longer.
func pack(seconds, taskSeconds float64, workers, parts, atMost int) int {
	n := int(math.Min(math.Ceil(seconds/(taskSeconds*float64(max(1, workers)))), float64(parts)))
	if atMost > 0 {
		n = min(n, atMost)
	}
	return max(1, n)
}

// chunks divides shards (ascending, counted from 1) into arrays whose indices
// are below limit: an array covers the shards from its offset on.
func chunks(shards []int, limit int) (list []Job) {
	for _, s := range shards {
		index, offset := s-1, 0
		if limit > 0 {
			index, offset = (s-1)%limit, (s-1)/limit*limit
		}
		if len(list) == 0 || list[len(list)-1].Offset != offset {
			list = append(list, Job{Offset: offset})
		}
		j := &list[len(list)-1]
		j.Indices = append(j.Indices, index)
	}
	for i := range list {
		list[i].Range = ranges(list[i].Indices)
	}
	return list
}

// ranges writes ascending numbers as "0-3,7".
func ranges(list []int) string {
	var b strings.Builder
	for i := 0; i < len(list); {
		j := i
		for j+1 < len(list) && list[j+1] == list[j]+1 {
			j++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(list[i]))
		if j > i {
			fmt.Fprintf(&b, "-%d", list[j])
		}
		i = j + 1
	}
	return b.String()
}

// parseRanges reads what ranges writes.
func parseRanges(text string) (list []int, err error) {
	for part := range strings.SplitSeq(text, ",") {
		first, last, isRange := strings.Cut(part, "-")
		if !isRange {
			last = first
		}
		a, err1 := strconv.Atoi(first)
		b, err2 := strconv.Atoi(last)
		if err1 != nil || err2 != nil || a < 0 || b < a || b-a > 1<<24 {
			return nil, fmt.Errorf("%q is not a range such as 0-3,7", text)
		}
		for i := a; i <= b; i++ {
			list = append(list, i)
		}
	}
	return list, nil
}
