// Package figure draws the figures of a report with gonum/plot, as SVG, PNG or
// PDF. The bytes of a file depend on the data alone.
//
// Colours are those of Okabe & Ito (Color universal design, 2008), which people
// with any kind of colour vision can tell apart; an objective has the same one
// everywhere. Lines also differ in their dashes and markers, so that a figure
// reads in grey. Legends stand beside the data, never on it.
package figure
