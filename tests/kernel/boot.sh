#!/bin/sh
# Boots Debian's kernel under qemu with 4 CPUs and perfmodel-knobs, and lets guest.sh take CPUs offline and online through the
# real sysfs. Exit code 77: a package is missing, says which.
# usage: boot.sh TOOL GUEST_SCRIPT WORK_FOLDER
set -eu
tool=$1
guest=$2
work=$3

skip() {
  echo "skipped: $1"
  exit 77
}
qemu=$(command -v qemu-system-x86_64) || skip "qemu-system-x86_64 is missing (package qemu-system-x86)"
busybox=$(command -v busybox) || skip "busybox is missing (package busybox-static)"
if ldd "$busybox" >/dev/null 2>&1; then skip "busybox is not static (package busybox-static)"; fi
kernel=
for file in /boot/vmlinuz-*; do
  if [ -r "$file" ]; then kernel=$file; fi
done
[ -n "$kernel" ] || skip "no kernel in /boot that can be read (package linux-image-amd64)"

rm -rf "$work"
mkdir -p "$work/root/bin" "$work/root/proc" "$work/root/sys" "$work/root/dev" "$work/root/tmp" "$work/root/var/lib"
cp "$busybox" "$work/root/bin/busybox"
ln -s busybox "$work/root/bin/sh"
ln -s busybox "$work/root/bin/sleep"
cp "$tool" "$work/root/bin/perfmodel-knobs"
cp "$guest" "$work/root/init"
chmod +x "$work/root/init"
# The libraries that the tool loads, where it looks for them.
ldd "$tool" | sed -n 's/.*=> \(\/[^ ]*\).*/\1/p; s/^[[:space:]]*\(\/[^ ]*\) (.*/\1/p' | while read -r library; do
  mkdir -p "$work/root$(dirname "$library")"
  cp -L "$library" "$work/root$library"
done
(cd "$work/root" && find . | busybox cpio -o -H newc 2>/dev/null) | gzip -1 >"$work/initramfs.gz"

echo "booting $kernel"
timeout 240 "$qemu" -accel tcg -smp 4 -m 512 -nographic -nic none -no-reboot -kernel "$kernel" \
  -initrd "$work/initramfs.gz" -append "console=ttyS0 quiet panic=-1" </dev/null >"$work/console.log" 2>&1 || true
tr -d '\r' <"$work/console.log" | sed -n 's/.*guest: /guest: /p'
if grep -aq "guest: all passed" "$work/console.log"; then exit 0; fi
echo "the guest did not come to its end; its console:" >&2
tail -n 40 "$work/console.log" >&2
exit 1
