# What every program of the list `commands` is linked with: of it, what it uses.
command_sources := $(addprefix apps/command/,command.c meaning.c sort.c memory.c output.c columns.c input.c directory.c units.c)
