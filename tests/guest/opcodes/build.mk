programs += opcodes
opcodes_sources := tests/guest/opcodes/main.c tests/guest/opcodes/i386/image.asm tests/vm86/port_model.c
