package suites

import (
	"crypto/sha256"
	"fmt"
	"testing"
)

// TestIDsOfShippedSuites: later versions find results of version 0.1.0, which gave these
// hashes over the ids and canonical texts of all cells.
func TestIDsOfShippedSuites(t *testing.T) {
	for name, want := range map[string]string{
		"figure2-variance": "42885dbed4c93b8b", "figure9-alpha": "62b7ceba6f7c61eb", "learning-rates": "ae1b30196a83c982",
		"neurips24": "7d7774280a7f38bc", "quickstart": "52ee828e69522e21", "regression": "bdbfeab6af357aa6", "smoke": "1fd00da75f32e704",
		"tuned": "93c06aa7b682657d", // which came later
	} {
		s, err := Read(name)
		if err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		for _, c := range s.Cells {
			h.Write([]byte(c.ID))
			h.Write(c.Canonical())
		}
		if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != want {
			t.Errorf("%s: the ids of its cells hash to %s, and did to %s", name, got, want)
		}
	}
}
