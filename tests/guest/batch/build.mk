libc_programs += batch
batch_sources := tests/guest/batch/main.c tests/guest/batch/line.c tests/guest/batch/teller.c
