package suites

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"gfnbench/gfn/param"
	"strconv"
)

// canonical writes a value as JSON in one way only: floats are the shortest
// text that reads back to the same bits, a file is its SHA-256.
func canonical(v any) string { return string(appendCanonical(nil, v)) }

func appendCanonical(b []byte, v any) []byte {
	switch v := v.(type) {
	case nil:
		return append(b, "null"...)
	case int:
		return strconv.AppendInt(b, int64(v), 10)
	case float64:
		return strconv.AppendFloat(b, v, 'g', -1, 64)
	case bool:
		return strconv.AppendBool(b, v)
	case string:
		text, err := json.Marshal(v)
		if err != nil {
			panic(err) // a string always has a JSON form
		}
		return append(b, text...)
	case []int:
		return appendList(b, v)
	case []float64:
		return appendList(b, v)
	case []string:
		return appendList(b, v)
	case [][]float64:
		return appendList(b, v)
	case param.File:
		sum := sha256.Sum256(v.Data)
		return append(append(append(b, `"sha256:`...), hex.EncodeToString(sum[:])...), '"')
	}
	panic(fmt.Sprintf("suites: no canonical form of %T", v))
}

func appendList[T any](b []byte, list []T) []byte {
	b = append(b, '[')
	for i, x := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendCanonical(b, x)
	}
	return append(b, ']')
}

// Format writes a value of a column for people: strings without quotes, an
// absent value as "none".
func Format(v any) string {
	switch v := v.(type) {
	case nil:
		return "none"
	case string:
		return v
	}
	return canonical(v)
}
