package methods

import (
	"cmp"
	"fmt"
	"strings"

	"gfnbench/report/sheet"
	"gfnbench/results"
)

// bibtex returns the entries for the paper and for this software, with the
// authors that CITATION.cff names.
func bibtex(p results.Provenance, release Release) string {
	revision, _, _ := strings.Cut(p.Get("revision"), "-dirty")
	if len(revision) > 12 {
		revision = revision[:12]
	}
	var note []string
	if release.Version != "" {
		note = append(note, "version "+release.Version)
	}
	if revision != "" && revision != "unknown" {
		note = append(note, "results of revision "+revision)
	}
	year, _, _ := strings.Cut(cmp.Or(release.Date, p.Get("start")), "-")
	entry := `@inproceedings{dasilva2024divergence,
  title     = {On Divergence Measures for Training {GFlowNets}},
  author    = {da Silva, Tiago and da Silva, Eliezer de Souza and Mesquita, Diego},
  booktitle = {Advances in Neural Information Processing Systems},
  volume    = {37},
  year      = {2024},
}
@misc{gfnbench,
  title        = {gfnbench: a reproducible benchmark of divergence measures for training {GFlowNets}},
  author       = {{the gfnbench authors}},
  howpublished = {Computer program},
`
	if year != "" {
		entry += fmt.Sprintf("  year         = {%s},\n", year)
	}
	if note != nil {
		entry += fmt.Sprintf("  note         = {%s},\n", sheet.UpperFirst(strings.Join(note, ", ")))
	}
	return entry + "}\n"
}
