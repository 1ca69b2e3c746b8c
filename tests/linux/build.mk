# What Linux runs to be measured beside Ternion; no C library.
linux_programs += bench exit
linux_bench_sources := tests/linux/main.c tests/linux/report.c tests/linux/linux.c \
                       tests/linux/processes.c tests/linux/transfers.c \
                       tests/linux/i386/start.asm tests/linux/i386/system_call.asm \
                       tests/guest/bench/i386/loop.asm libos/i386/timestamp.asm
linux_exit_sources := tests/linux/i386/exit.asm
