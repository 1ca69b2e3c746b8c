# What runs the tests of other people's programs inside the system, and says what came of them.
libc_programs += suite
suite_sources := $(addprefix tests/guest/suite/,main.c list.c run.c compare.c)
