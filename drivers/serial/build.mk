programs += serial
serial_sources := drivers/serial/main.c drivers/serial/uart.c
