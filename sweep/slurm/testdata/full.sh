#!/bin/bash
#SBATCH --job-name=tiny
#SBATCH --ntasks=1
#SBATCH --cpus-per-task=8
#SBATCH --partition=cpu
#SBATCH --account=lab
#SBATCH --qos=long
#SBATCH --constraint=avx512&ib
#SBATCH --time=2:00:00
#SBATCH --mem=4G
#SBATCH --array=0-4,7%20
#SBATCH --output="/home/me/100%% mine's/tiny/cluster/logs/%A_%a.log"
#SBATCH --signal=B:USR2@90
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --dependency=afterany:17
#SBATCH --comment="a \"b\" # c"
#SBATCH --exclusive
[ "$(sha256sum < '/home/me/100% mine'\''s/tiny/cluster/sweep-0123456789ab' | cut -c1-12)" = 0123456789ab ] || { echo 'the copy of sweep is not the one that was submitted: submit again' >&2; exit 1; }
exec '/home/me/100% mine'\''s/tiny/cluster/sweep-0123456789ab' task '/home/me/100% mine'\''s/tiny' --shards 3000 --offset 1000 --jobs 8 --notice 90 --again failed,timeout --filter objective=tb --filter seed=0,1
