# One host test a name: host_tests += NAME, NAME_sources := tests/host/NAME.c and the sources it tests,
# NAME_flags := what it needs beyond host_flags.
