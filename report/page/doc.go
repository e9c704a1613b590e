// Package page writes a report as one self-contained HTML file. [Make] collects
// a [Page] from a [report.Sweep]; [Write] writes it. Styles, scripts and data
// are in the file, and its content security policy forbids every connection.
// Without scripts, tables, claims and text still show; the scripts draw the
// figures and the list of cells.
package page
