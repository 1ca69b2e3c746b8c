# Programs of a prompt that show the system and act on it.
commands += ps kill
ps_sources := apps/system/ps.c apps/system/processes.c
kill_sources := apps/system/kill.c apps/system/processes.c
