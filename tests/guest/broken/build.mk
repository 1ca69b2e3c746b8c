programs += broken
broken_sources := tests/guest/broken/main.c
