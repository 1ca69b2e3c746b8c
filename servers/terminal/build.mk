programs += terminal
terminal_sources := \
    servers/terminal/main.c \
    servers/terminal/options.c \
    servers/terminal/terminal.c \
    servers/terminal/requests.c \
    servers/terminal/foreground.c \
    servers/terminal/modes.c \
    servers/terminal/strangers.c \
    servers/terminal/log_level.c \
    servers/terminal/hardware.c \
    servers/terminal/screen.c \
    servers/terminal/serial.c \
    servers/terminal/discipline.c \
    servers/terminal/typed.c \
    servers/terminal/output.c \
    servers/terminal/utf8.c \
    servers/terminal/glyphs.c \
    servers/terminal/keys.c
