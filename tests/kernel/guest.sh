#!/bin/sh
# The first process of the guest that boot.sh boots: knobs on a real kernel's sysfs.
busybox=/bin/busybox
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
# The guard works beside us: give it ten seconds.
expect_cpus_soon() {
  tries=0
  while [ "$(cpus)" != "$1" ] && [ $tries -lt 100 ]; do
    $busybox usleep 100000
    tries=$((tries + 1))
  done
  expect_cpus "$1" "$2"
}
knobs() {
  perfmodel-knobs "$@" || end "FAILED: perfmodel-knobs $*"
}
# Starts the tool with a command that lasts, and waits until its knobs are set.
start_setting() {
  perfmodel-knobs set --board linux num_cores=2 -- $busybox sleep 1000 >/dev/null &
  tool=$!
  expect_cpus_soon 0-1 "set for as long as a command runs"
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
expect_cpus_soon 0-3 "the tool killed, restored by its guard"

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
