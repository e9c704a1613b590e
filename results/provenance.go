package results

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Provenance says which program wrote a file, as keys and values: "revision",
// "go", "modules", "cpu", "simd", "os", "command" and the like. Each pair
// becomes metadata of every Parquet file, its key prefixed by "gfnbench.".
type Provenance []KeyValue

// A KeyValue is one pair of a [Provenance].
type KeyValue struct {
	Key, Value string // "go" and "go1.26.0", for example
}

// Get returns the value of a key, "" if it is absent.
func (p Provenance) Get(key string) string {
	for _, kv := range p {
		if kv.Key == key {
			return kv.Value
		}
	}
	return ""
}

// Keys of the metadata that belong to the format and not to the provenance.
const (
	keyPrefix     = "gfnbench."
	keySchema     = keyPrefix + "schema"     // SchemaVersion
	keyTable      = keyPrefix + "table"      // "runs", "curves", ...
	keyGeneration = keyPrefix + "generation" // counts compactions of a directory
	keySuite      = keyPrefix + "suite"      // text of suite.toml
	keyVariance   = keyPrefix + "variance"   // rows of variance.parquet
	keyCompaction = keyPrefix + "compaction" // which one wrote the file, and what it wrote beside it
)

var formatKeys = []string{keySchema, keyTable, keyGeneration, keySuite, keyVariance, keyCompaction, keyPrefix + "sha256"}

// SchemaVersion is the version of the tables. A file of a newer one is refused.
// From 2 on runs.parquet counts a cell's rows of variance.parquet.
const SchemaVersion = 2

func (p Provenance) check() error {
	for _, kv := range p {
		if kv.Key == "" || slices.Contains(formatKeys, keyPrefix+kv.Key) {
			return fmt.Errorf("provenance key %q is taken", kv.Key)
		}
		if !utf8.ValidString(kv.Key + kv.Value) {
			return fmt.Errorf("provenance %q is not valid UTF-8", kv.Key)
		}
	}
	return nil
}

func provenanceOf(metadata []KeyValue) Provenance {
	var p Provenance
	for _, kv := range metadata {
		if key, ok := strings.CutPrefix(kv.Key, keyPrefix); ok && !slices.Contains(formatKeys, kv.Key) {
			p = append(p, KeyValue{key, kv.Value})
		}
	}
	return p
}
