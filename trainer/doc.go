// Package trainer speaks with programs that train GFlowNets in a process of their
// own, in any language. A program answers one request after another over its
// standard input and output; docs/trainers.md specifies the messages. The package
// holds the frames, the messages, and the child process with its limits. It knows
// neither environments nor suites.
package trainer
