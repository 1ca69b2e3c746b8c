shared_programs += lost
lost_sources := tests/guest/lost/main.c
