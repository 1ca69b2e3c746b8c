programs += virtual_display
virtual_display_sources := $(addprefix drivers/virtual_display/,main.c modes.c screen.c checksum.c)
