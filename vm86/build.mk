# What drivers are linked with that call the BIOS: build/libvm86.a. Programs take only what they use of it.
vm86_sources := \
    vm86/i386/run.asm
