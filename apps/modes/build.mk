programs += modes
modes_sources := $(addprefix apps/modes/,main.c table.c card.c) apps/graphics/stage.c apps/graphics/keystroke.c
