programs += ipcbench
ipcbench_sources := tests/guest/ipcbench/main.c
