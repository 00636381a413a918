#!/bin/sh
# Print a folder in memory for what tests write, where this machine has one that takes it: waiting
# for a disk is a good part of a run. Prints nothing where it has none; then the disk is used.
set -eu
place=/dev/shm
least_kb=8000000
mounted=$(awk -v place="$place" '$2 == place && $3 == "tmpfs" {print $4}' /proc/mounts 2>/dev/null | tail -n 1)
case ",$mounted," in ,, | *,noexec,* | *,ro,*) exit 0 ;; esac
[ -w "$place" ] || exit 0
[ "$(df -Pk "$place" | awk 'END {print $4}')" -ge "$least_kb" ] || exit 0
[ "$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)" -ge "$least_kb" ] || exit 0
echo "$place"
