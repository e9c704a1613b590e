package results

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Provenance says what wrote a file, as keys and values: "revision", "go",
// "modules", "cpu", "simd", "os", "command" and the like. Each pair becomes
// metadata of every Parquet file, with the prefix "gfnbench." on its key.
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

// Keys of the metadata that belong to the format, not to the provenance.
const (
	keyPrefix     = "gfnbench."
	keySchema     = keyPrefix + "schema"     // SchemaVersion
	keyTable      = keyPrefix + "table"      // "runs", "curves", ...
	keyGeneration = keyPrefix + "generation" // counts compactions of a directory
	keySuite      = keyPrefix + "suite"      // text of suite.toml
	keyVariance   = keyPrefix + "variance"   // rows of variance.parquet
	keyCompaction = keyPrefix + "compaction" // which compaction wrote the file, and what else it wrote
)

var formatKeys = []string{keySchema, keyTable, keyGeneration, keySuite, keyVariance, keyCompaction, keyPrefix + "sha256"}

// SchemaVersion is the version of the tables. A file of a newer version is
// rejected. From version 2, runs.parquet counts a cell's rows in
// variance.parquet.
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
