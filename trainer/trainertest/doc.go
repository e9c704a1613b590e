// Package trainertest is a small correct trainer, with a table for a policy, that
// tests run as a program of their own; and with every fault that they plant.
package trainertest
