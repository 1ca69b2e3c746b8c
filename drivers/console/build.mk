programs += console
console_sources := $(addprefix drivers/console/,main.c terminal.c sequences.c cursor.c cells.c style.c screen.c rom_font.c text_mode.c lending.c)
