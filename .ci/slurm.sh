#!/usr/bin/env bash
# A Slurm cluster on this machine, for tests: one controller and two nodes of four
# slots, without systemd, cgroups or a database, on 127.0.0.1 only. Root is needed,
# or an installed slurmctld, slurmd, slurm-client and munge.
#
#   slurm.sh start      install what is missing, start, wait until the nodes are idle
#   slurm.sh run CMD…   start, run CMD against the cluster, wipe
#   slurm.sh env        print what a shell needs to speak with the cluster
#   slurm.sh fail N     power loss of node N: slurmd and its jobs are gone at once
#   slurm.sh orphan N   node N loses contact: slurmd is gone, its jobs go on
#   slurm.sh revive N   node N comes back, without the jobs that it had
#   slurm.sh stop       end every process of the cluster
#   slurm.sh wipe       stop, and delete its files
#
# GFNBENCH_SLURM_ROOT is where its files are, GFNBENCH_SLURM_PORT its first port.
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
root=${GFNBENCH_SLURM_ROOT:-${XDG_CACHE_HOME:-$HOME/.cache}/gfnbench/slurm}
port=${GFNBENCH_SLURM_PORT:-27817}
nodes=(n1 n2)
export SLURM_CONF=$root/slurm.conf

fail() {
	echo "slurm.sh: $*" >&2
	exit 1
}

install() {
	local missing=()
	command -v slurmctld >/dev/null || missing+=(slurmctld)
	command -v slurmd >/dev/null || missing+=(slurmd)
	command -v sbatch >/dev/null || missing+=(slurm-client)
	command -v munged >/dev/null || missing+=(munge)
	[ ${#missing[@]} -eq 0 ] && return
	[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || fail "${missing[*]} missing, and only root on Debian can install them here"
	echo "slurm.sh: installing ${missing[*]}" >&2
	export DEBIAN_FRONTEND=noninteractive
	apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends "${missing[@]}"; } >/dev/null
}

# configure writes slurm.conf. MaxArraySize is small, so that arrays run out of
# indices; the times are short, so that a silent node is given up within half a
# minute, and a requeued task may start again after seconds (cred_expire).
configure() {
	local i node me
	me=$(id -un)
	mkdir -p "$root"/{munge,run,state,log} "${nodes[@]/#/$root/spool.}" "${nodes[@]/#/$root/log/}"
	chmod 755 "$root" "$root/munge"
	[ -s "$root/munge/key" ] || (umask 077 && head -c 256 /dev/urandom >"$root/munge/key")
	cat >"$SLURM_CONF" <<-CONF
		ClusterName=test
		SlurmctldHost=$(hostname -s)(127.0.0.1)
		SlurmctldPort=$port
		SlurmUser=$me
		SlurmdUser=$me
		CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
		AuthInfo=socket=$root/munge/socket,cred_expire=5
		StateSaveLocation=$root/state
		SlurmdSpoolDir=$root/spool.%n
		SlurmctldPidFile=$root/run/slurmctld.pid
		SlurmdPidFile=$root/run/%n.pid
		SlurmctldLogFile=$root/log/slurmctld.log
		SlurmdLogFile=$root/log/%n/slurmd.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		SwitchType=switch/none
		MpiDefault=none
		MailProg=/bin/true
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
		AccountingStorageType=accounting_storage/none
		JobAcctGatherType=jobacct_gather/none
		MaxArraySize=8
		MinJobAge=3600
		ReturnToService=2
		SlurmctldTimeout=10
		SlurmdTimeout=5
		SlurmdParameters=config_overrides
		TCPTimeout=1
		MessageTimeout=5
		KillWait=5
		InactiveLimit=0
	CONF
	for i in "${!nodes[@]}"; do
		node=${nodes[i]}
		# Each node has a host name of its own, or slurmd would not start twice on one host.
		echo "NodeName=$node NodeHostname=$node NodeAddr=127.0.0.1 Port=$((port + 1 + i)) CPUs=4 RealMemory=1000 Features=local" >>"$SLURM_CONF"
	done
	echo "PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP" >>"$SLURM_CONF"
}

# alive FILE prints the number in a pid file, where that process is of this cluster.
alive() {
	local pid
	pid=$(cat "$1" 2>/dev/null) && [ -n "$pid" ] && grep -qzF "GFNBENCH_SLURM=$root" "/proc/$pid/environ" 2>/dev/null && echo "$pid"
}

start_node() {
	alive "$root/run/$1.pid" >/dev/null || GFNBENCH_SLURM=$root slurmd -f "$SLURM_CONF" -N "$1" 9>&-
}

start() {
	install
	configure
	alive "$root/munge/pid" >/dev/null || GFNBENCH_SLURM=$root munged --key-file="$root/munge/key" --socket="$root/munge/socket" \
		--pid-file="$root/munge/pid" --log-file="$root/munge/log" --seed-file="$root/munge/seed" --force 9>&- 2>/dev/null || fail "munged: see $root/munge/log"
	alive "$root/run/slurmctld.pid" >/dev/null || GFNBENCH_SLURM=$root slurmctld -f "$SLURM_CONF" 9>&- || fail "slurmctld: see $root/log"
	local node i
	for node in "${nodes[@]}"; do start_node "$node" || fail "slurmd $node: see $root/log/$node"; done
	for i in {1..150}; do
		[ "$(sinfo -h -N -o %T 2>/dev/null | grep -cxE 'idle|mixed|allocated|completing')" = ${#nodes[@]} ] && return
		sleep 0.2
	done
	sinfo -N -o '%N %T %E' >&2 || true
	fail "the nodes do not come up: see $root/log"
}

# daemons_of prints slurmd of a node and what watches over its jobs (slurmstepd):
# both work in the folder of the node's log.
daemons_of() {
	local cwd
	for cwd in /proc/[0-9]*/cwd; do
		[ "$(readlink "$cwd" 2>/dev/null)" != "$root/log/$1" ] || basename "${cwd%/cwd}"
	done
}

# jobs_of prints the processes of its jobs, which have its name in their environment.
jobs_of() {
	local environ
	for environ in /proc/[0-9]*/environ; do
		if { grep -qzxF "SLURMD_NODENAME=$1" "$environ" && grep -qzxF "SLURM_CONF=$SLURM_CONF" "$environ"; } 2>/dev/null; then
			basename "${environ%/environ}"
		fi
	done
}

# kill_node ends a node as a power cut does: the daemons first, as they would
# report that jobs ended.
kill_node() {
	local of pids
	for of in daemons_of jobs_of; do
		while pids=$($of "$1") && [ -n "$pids" ]; do
			# shellcheck disable=SC2086 # several numbers
			kill -KILL $pids 2>/dev/null || true
			sleep 0.05
		done
	done
	rm -f "$root/run/$1.pid"
}

stop() {
	local node file pid
	for node in "${nodes[@]}"; do kill_node "$node"; done
	for file in "$root/run/slurmctld.pid" "$root/munge/pid"; do
		if pid=$(alive "$file"); then
			kill "$pid"
			for _ in {1..100}; do [ -d "/proc/$pid" ] && sleep 0.05 || break; done
			kill -KILL "$pid" 2>/dev/null || true
		fi
		rm -f "$file"
	done
}

wipe() {
	stop
	[ ! -e "$root" ] || [ -f "$SLURM_CONF" ] || fail "$root is not a cluster of this script"
	rm -rf "$root"
}

known() { [[ " ${nodes[*]} " == *" ${1:-} "* ]] || fail "which node? one of ${nodes[*]}"; }

case ${1:-} in
start | stop | wipe | run) # one at a time; neither daemons nor CMD inherit the lock
	mkdir -p "$(dirname "$root")"
	exec 9>"$root.lock"
	flock -w 300 9 || fail "another one holds $root.lock"
	;;
esac
case ${1:-} in
start | stop | wipe) "$1" ;;
run)
	shift
	trap wipe EXIT
	start
	GFNBENCH_SLURM_TEST=1 "$@" 9>&-
	;;
env) echo "export SLURM_CONF=$SLURM_CONF" ;;
fail) known "${2:-}" && kill_node "$2" ;;
orphan) known "${2:-}" && kill -KILL "$(alive "$root/run/$2.pid")" && rm "$root/run/$2.pid" ;;
revive)
	known "${2:-}"
	kill_node "$2"
	start_node "$2"
	sleep 1
	scontrol update nodename="$2" state=resume 2>/dev/null || true # it may be up already
	;;
*)
	sed -n 's/^#   slurm/slurm/p' "$0" >&2
	exit 2
	;;
esac
