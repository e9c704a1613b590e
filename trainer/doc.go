// Package trainer talks to programs, in any language, that train GFlowNets in processes
// of their own. A program answers one request after another over its standard input and
// output; docs/trainers.md specifies the messages. The package holds the frames, the
// messages, and the child process with its limits. It knows neither environments nor
// suites.
package trainer
