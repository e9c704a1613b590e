// Package page writes a [report.Page] as one HTML file that needs nothing else:
// styles, scripts and data are in it, and its content security policy forbids
// every connection. Without scripts, tables, claims and text are still there;
// figures and the list of cells are drawn by the scripts.
package page
