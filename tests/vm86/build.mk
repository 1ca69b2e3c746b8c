# Who compares what real mode made of cases.asm with what the monitor makes of it.
host_tools += opcode-check
opcode-check_sources := $(addprefix tests/vm86/,check.c port_model.c) $(addprefix vm86/,monitor.c monitor_interrupt.c string_io.c instruction.c)
opcode-check_flags := -iquote vm86
