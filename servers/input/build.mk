programs += input
input_sources := \
    servers/input/main.c \
    servers/input/options.c \
    servers/input/sources.c \
    servers/input/typing.c \
    servers/input/clients.c \
    servers/input/event_queue.c
