programs += init
init_sources := drivers/init/main.c drivers/init/list.c drivers/init/modules.c drivers/init/supervisor.c drivers/init/power.c drivers/init/bus.c
