programs += init
init_sources := $(addprefix drivers/init/,main.c words.c list.c policy.c rule.c ranges.c grant.c modules.c image.c start.c end.c needs.c \
                supervisor.c changes.c bus.c power.c)
