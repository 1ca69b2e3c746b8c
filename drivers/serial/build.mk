programs += serial
serial_sources := $(addprefix drivers/serial/,main.c arguments.c serial_line.c queue.c uart.c)
