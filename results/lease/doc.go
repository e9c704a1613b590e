// Package lease lets processes share a directory: each takes leases on what it
// works at, and one rule says which holders are dead.
//
// A process that [Watcher.Join]s has a record in the folder workers/, which it
// replaces by another text, its token, every few seconds. A lease is a hard link
// to the record under the name of what is leased: making a link is atomic on local
// and network file systems alike, and locks are not. Where there are no hard
// links, the lease is a copy that is created exclusively.
//
// A holder is dead, and its leases may be taken over, when
//
//   - its process ran on this machine, in this PID namespace, and runs no more or
//     is a zombie ([gfnbench/results/process]): at once;
//   - its record is gone: at once;
//   - its token stayed the same for the watcher's period, by the monotonic clock of
//     the one who watches, wherever it runs. A lease whose text is damaged names no
//     holder and is watched itself, for two seconds: none takes that long to write;
//   - it is a task that the batch system has started again, and the one who asks is
//     the later start: at once.
//
// Clocks of others, times of files and host names are not compared. (Records of
// version 0.1.0 are renewed by touching them: there a time that changes is part of
// the token.)
//
// A lease keeps work from being done twice. It cannot keep a holder that was
// taken for dead, such as one that was stopped for minutes, from going on: who
// must not then write asks [Lock.Held] first.
package lease
