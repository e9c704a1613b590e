#!/bin/bash
#SBATCH --job-name=tiny
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --array=0-11
#SBATCH --output=/home/me/runs/tiny/cluster/logs/%A_%a.log
#SBATCH --signal=B:USR2@120
#SBATCH --open-mode=append
#SBATCH --requeue
[ "$(sha256sum < /home/me/runs/tiny/cluster/sweep-0123456789ab | cut -c1-12)" = 0123456789ab ] || { echo 'the copy of sweep is not the one that was submitted: submit again' >&2; exit 1; }
exec /home/me/runs/tiny/cluster/sweep-0123456789ab task /home/me/runs/tiny --shards 12 --offset 0 --jobs 1 --notice 120
