# Programs of the C library: what ISO C says, whose output must be that of another system's library; and what stands below it.
libc_programs += libc_portable
libc_portable_sources := tests/guest/libc/portable.c tests/guest/libc/portable_text.c tests/guest/libc/portable_numbers.c


libc_programs += libc_test
libc_test_sources := $(addprefix tests/guest/libc/,main.c check.c child.c files.c writing.c inheriting.c more.c surviving.c pipes.c processes.c threads.c mutexes.c signals.c rest.c)

libc_programs += libc_costs libc_small
libc_costs_sources := tests/guest/libc/costs.c
libc_small_sources := tests/guest/libc/small.c
