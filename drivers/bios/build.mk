programs += bios
bios_sources := drivers/bios/main.c drivers/bios/clients.c drivers/bios/stream.c
