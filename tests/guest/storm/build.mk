programs += storm
storm_sources := tests/guest/storm/main.c
