// Package figure draws the figures of a report with gonum/plot, as SVG, PNG or PDF.
// [Make] collects a [Figure] from a [report.Sweep]; [Write] draws it. The bytes of
// a file depend only on the data.
//
// Colours are those of Okabe & Ito (Color universal design, 2008), which people with any
// kind of colour vision can distinguish. An objective has the same colour everywhere.
// Lines also differ in their dashes and markers, so a figure is readable in grey. Legends
// are beside the data, never on it.
package figure
