// Package gfn trains and evaluates generative flow networks. A Spec says what to train; a
// Trainer takes the gradient steps and evaluates as it goes. Its parts have their own
// packages: environments (env), objectives and control variates (objective), networks
// (network), policies that sample and differentiate (policy), and exact evaluation by
// dynamic programming (exact).
//
// Results repeat bit for bit on every CPU: random streams are derived by hashing, sums
// have a fixed order, and transcendental functions are our own (fmath). The package knows
// nothing about files or flags.
package gfn
