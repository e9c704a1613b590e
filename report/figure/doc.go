// Package figure draws the figures of a report with gonum/plot, as SVG, PNG or
// PDF, at the size of a paper. The bytes of a file depend on the data alone.
//
// The colour of a line says the first of the columns that tell lines apart, its
// dashes the second, its marker the third. Objectives have colours of Okabe & Ito
// (Color universal design, 2008), the same ones everywhere, which people with any
// kind of colour vision can tell apart, and no other lines have them. Dashes and
// markers repeat the colour where they say nothing else, so a figure reads in grey.
// Legend and notes stand below the panels, never on the data.
package figure
