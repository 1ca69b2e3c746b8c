programs += opcodes
opcodes_sources := tests/guest/opcodes/main.c tests/guest/opcodes/i386/image.asm tests/vm86/port_model.c
$(build)/obj/user/tests/guest/opcodes/i386/image.asm.o: tests/vm86/cases.asm
