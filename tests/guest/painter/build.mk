programs += painter
painter_sources := tests/guest/painter/main.c
