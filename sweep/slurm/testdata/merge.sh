#!/bin/bash
#SBATCH --job-name=tiny
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=1
#SBATCH --partition=cpu
#SBATCH --account=lab
#SBATCH --qos=long
#SBATCH --constraint=avx512&ib
#SBATCH --time=2:00:00
#SBATCH --mem=4G
#SBATCH --output=/home/me/runs/tiny/cluster/logs/%j.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --dependency=afterany:17:18
#SBATCH --comment="a \"b\" # c"
#SBATCH --exclusive
[ "$(sha256sum < /home/me/runs/tiny/cluster/sweep-0123456789ab | cut -c1-12)" = 0123456789ab ] || { echo 'the copy of sweep is not the one that was submitted: submit again' >&2; exit 1; }
exec /home/me/runs/tiny/cluster/sweep-0123456789ab task /home/me/runs/tiny --merge
