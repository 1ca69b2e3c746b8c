# What reads recordings of BIOS calls on the host; tools/bios-replay builds and runs it.
host_tools += bios-replay
bios-replay_sources := tools/bios_replay/main.c tools/bios_replay/lines.c tools/bios_replay/replay.c \
                       $(addprefix vm86/,monitor.c monitor_interrupt.c string_io.c instruction.c record_text.c recording.c) libos/format.c
bios-replay_flags := -iquote vm86 -Ivm86/include -Ilibos/include -Ilibos/i386/include
