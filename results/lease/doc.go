// Package lease lets processes share a directory: each takes leases on what it works on,
// and one rule decides which holders are dead.
//
// A process that calls [Watcher.Join] has a record in the folder workers/, whose
// text, its token, it replaces every few seconds. A lease is a hard link to the
// record under the name of what is leased: making a link is atomic on local and
// network file systems alike, and locks are not. Without hard links, the lease is a
// copy that is created exclusively.
//
// A holder is dead, and its leases may be taken over, when
//
//   - its process ran on this machine, in this PID namespace, and has ended or is a zombie
//     ([gfnbench/results/process]): at once;
//   - its record is gone: at once;
//   - its token has not changed for the watcher's period, by the watcher's own monotonic
//     clock, wherever the process runs. A lease whose text is damaged names no holder and
//     is itself watched, for two seconds: no write takes that long;
//   - it is a task that the batch system has started again, and the process that asks is
//     the later start: at once.
//
// The clocks of others, file times and host names are never compared. (Records of
// version 0.1.0 are renewed by touching them, so there the file time is part of the
// token, and only whether it changes matters.)
//
// A lease keeps work from being done twice. It cannot stop a holder that was taken
// for dead, such as one that was suspended for minutes, from continuing. A holder
// that must not write in that case asks [Lock.Held] first.
package lease
