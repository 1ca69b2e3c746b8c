commands += devices
devices_sources := apps/devices/main.c apps/devices/list.c
