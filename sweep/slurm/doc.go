// Package slurm is the [cluster.Engine] of Slurm: it writes batch scripts and
// runs sbatch, squeue, scancel and scontrol, which must be on the PATH.
// Accounting (sacct, slurmdbd) is not needed; if sacctmgr answers, its
// MaxSubmitJobs is respected.
//
// References:
//
//	sbatch(1), squeue(1), scontrol(1) and slurm.conf(5) of Slurm 22.05: job
//	arrays, MaxArraySize, --signal, --requeue.
package slurm
