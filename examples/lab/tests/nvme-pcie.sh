#!/bin/bash
# kernel: stable newest
# append: nvme_core.multipath=N
# qemu: -device nvme-subsys,id=s,nqn=nqn.2026-01.io.mpath:pcie -device nvme,id=c0,serial=a,subsys=s -device nvme,id=c1,serial=a,subsys=s
# qemu: -drive if=none,id=d,file.driver=null-co,file.size=67108864,file.read-zeroes=on,format=raw,snapshot=on
# qemu: -device nvme-ns,drive=d,nsid=1,shared=on,bus=c0,uuid=2fcf5d2c-5a1d-4d6e-9d4c-00000000ffff
# qemu: -smp 1
# needs: mpath.jar
# timeout: 300
# Two PCIe controllers with one shared namespace, under verified I/O: one is removed, comes back, and is reset. QEMU
# ends what it was given before it lets itself be reset, so no write is lost here, and none held: how long one is that a reset
# cut off is asked of the emulated controller.
# One processor: while the first one maps a controller's registers, a second one's access to another device's registers can go
# astray in the emulator (README.md), and a doorbell that is lost stops its queue for a minute.
cd "$(dirname "$0")/.."; . ./targets.sh; . ./check.sh; . ./workload.sh; . ./nvme.sh
modprobe nvme; await 2 '/dev/nvme*n1'; count_commands
at() { grep -l "$1" /sys/class/nvme/nvme*/address | sed 's,.*/\(nvme[0-9]*\)/address,\1,'; }   # PCI address: its controller
first=$(</sys/class/nvme/nvme0/address) second=$(</sys/class/nvme/nvme1/address)
ctrl[1]=nvme0 ctrl[2]=nvme1
start round-robin 1 uuid.2fcf5d2c-5a1d-4d6e-9d4c-00000000ffff --policy round-robin --rw randrw --verify --size 8m --depth 16 --time 900s --destroy-data
flow;                       serve 'two controllers' 1 2
pci_remove nvme1;           serve 'one removed' 1
pci_rescan; soon 20 "$second is back" at "$second"; ctrl[2]=$(at "$second"); await 2 '/dev/nvme*n1'
                            serve 'and back' 1 2
nvme reset "/dev/$(at "$first")"; serve 'the other reset' 1 2
finish round-robin 0
json "$LAB_OUT/round-robin.json" '.errors == 0 and .miscompares == 0 and .requests > 500 and .read_back > 0' round-robin
json "$LAB_OUT/round-robin.json" '.latency_us.max < 30e6 and .held == 0 and .unfenced == []' 'no write lost'
