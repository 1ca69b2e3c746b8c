# Programs of a prompt that show the system and act on it. `false` is true, `poweroff` is reboot under another name.
commands += clear date env free kill log_reader more ps reboot sleep spawn supervised top true uname uptime
clear_sources := apps/system/clear.c
date_sources := apps/system/date.c
env_sources := apps/system/env.c
free_sources := apps/system/free.c apps/system/processes.c
kill_sources := apps/system/kill.c apps/system/processes.c
log_reader_sources := apps/system/log.c
more_sources := apps/text/more.c apps/command/screen.c
ps_sources := apps/system/ps.c apps/system/processes.c
reboot_sources := apps/system/power.c
sleep_sources := apps/system/sleep.c
spawn_sources := apps/system/spawn.c
supervised_sources := apps/system/supervised.c
top_sources := apps/system/top.c apps/system/processes.c apps/command/screen.c
true_sources := apps/system/true.c
uname_sources := apps/system/uname.c
uptime_sources := apps/system/uptime.c
