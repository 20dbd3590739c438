#!/bin/sh
# The first process of the guest that boot.sh boots: knobs on a real kernel's sysfs.
busybox=/bin/busybox
journal=/var/lib/perfmodel/knobs.journal
$busybox mount -t proc proc /proc
$busybox mount -t sysfs sysfs /sys
$busybox mount -t devtmpfs devtmpfs /dev

end() {
  echo "guest: $1"
  $busybox poweroff -f
}
cpus() {
  $busybox cat /sys/devices/system/cpu/online
}
expect_cpus() {
  if [ "$(cpus)" != "$1" ]; then end "FAILED, $2: CPUs $(cpus) are online, expected $1"; fi
  echo "guest: $2: CPUs $1"
}
# Runs a condition until it holds, for ten seconds at most.
wait_until() {
  tries=0
  while ! "$@" && [ $tries -lt 100 ]; do
    $busybox usleep 100000
    tries=$((tries + 1))
  done
}
cpus_are() {
  [ "$(cpus)" = "$1" ]
}
# The guard of a tool that is gone works beside us; when it has ended, journal and lock are free.
guard_has_ended() {
  [ -z "$($busybox pidof perfmodel-knobs)" ]
}
expect_restored() {
  wait_until guard_has_ended
  expect_cpus 0-3 "$1"
  if [ -e $journal ]; then end "FAILED, $1: the journal is still there"; fi
}
command_has_ended() {
  [ -z "$($busybox pidof sleep)" ]
}
expect_no_command() {
  wait_until command_has_ended
  if ! command_has_ended; then end "FAILED, $1: the command lives on"; fi
}
knobs() {
  perfmodel-knobs "$@" || end "FAILED: perfmodel-knobs $*"
}
# Starts the tool with a command that lasts, of two processes, and waits until its knobs are set.
start_setting() {
  perfmodel-knobs set --board linux num_cores=2 -- /bin/sh -c "/bin/sleep 1000 & /bin/sleep 1000; true" >/dev/null &
  tool=$!
  wait_until cpus_are 0-1
  expect_cpus 0-1 "set for as long as a command runs"
}

expect_cpus 0-3 "booted"
knobs list --board linux
knobs set --board linux num_cores=2
expect_cpus 0-1 "set"
knobs set --board linux num_cores=1
expect_cpus 0 "set again"
knobs restore --board linux
expect_cpus 0-3 "restored"

start_setting
kill -9 $tool
expect_restored "the tool killed, restored by its guard"
expect_no_command "the tool killed"

start_setting
kill -TERM $tool
wait $tool
if [ $? != 143 ]; then end "FAILED: a tool that was stopped did not end by its signal"; fi
expect_restored "the tool stopped, restored by itself"
expect_no_command "the tool stopped"

# Kills on the way, some of which fall between two CPUs that go offline: from when the journal is there, so that the first
# write is next. Later ones only where a slow machine has not come that far.
between=0
kills=0
for delay_ms in 0 5 10 15 20 25 30 35 40 45 50 60 80 100 150 200 300 400; do
  if [ $delay_ms -gt 50 ] && [ $between -gt 0 ]; then break; fi
  kills=$((kills + 1))
  perfmodel-knobs set --board linux num_cores=1 -- /bin/sleep 1000 >/dev/null &
  tool=$!
  while [ ! -e $journal ]; do :; done
  $busybox usleep ${delay_ms}000
  kill -STOP $tool
  seen=$(cpus)
  kill -9 $tool
  case $seen in
    0-3 | 0) ;;
    *) between=$((between + 1)) ;;
  esac
  expect_restored "killed $delay_ms ms after its first write, with CPUs $seen online"
done
expect_no_command "the tool killed on the way"
echo "guest: $between of $kills kills fell between two CPUs"
if [ $between = 0 ]; then end "FAILED: no kill fell between two CPUs"; fi

start_setting
# Its guard is the child with the same name.
for process in $($busybox pidof perfmodel-knobs); do
  if [ "$process" != "$tool" ]; then kill -9 "$process"; fi
done
kill -9 $tool
$busybox sleep 1
expect_cpus 0-1 "tool and guard killed, nothing restored"
knobs restore --board linux
expect_cpus 0-3 "restored from the journal"
end "all passed"
