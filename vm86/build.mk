# What drivers are linked with that call the BIOS: build/libvm86.a. Programs take only what they use of it.
vm86_sources := \
    vm86/i386/memory.asm \
    vm86/bios.c \
    vm86/call.c \
    vm86/budget.c \
    vm86/exceptions.c \
    vm86/world.c \
    vm86/interrupts.c \
    vm86/clock.c \
    vm86/memory.c \
    vm86/ports.c \
    vm86/refused.c \
    vm86/native.c \
    vm86/timer.c \
    vm86/services.c \
    vm86/recorder.c \
    vm86/problem.c \
    vm86/bios_client.c \
    vm86/monitor.c \
    vm86/monitor_interrupt.c \
    vm86/instruction.c \
    vm86/string_io.c \
    vm86/record_text.c \
    vm86/recording.c
