programs += painter
painter_sources := tests/guest/painter/main.c tests/guest/painter/pattern.c tests/guest/painter/sets.c \
                   tests/guest/painter/kills.c
