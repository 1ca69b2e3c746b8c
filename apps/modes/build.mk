shared_programs += modes
modes_sources := apps/command/log_output.c apps/command/help.c $(addprefix apps/modes/,main.c table.c card.c) apps/graphics/stage.c apps/graphics/keystroke.c
