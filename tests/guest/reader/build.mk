libc_programs += reader
reader_sources := tests/guest/reader/main.c
