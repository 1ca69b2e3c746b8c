programs += console
console_sources := drivers/console/main.c drivers/console/terminal.c drivers/console/screen.c
