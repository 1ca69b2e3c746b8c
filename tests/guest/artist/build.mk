programs += artist
artist_sources := tests/guest/artist/main.c tests/guest/verbs.c tests/guest/artist/pattern.c tests/guest/artist/sets.c \
                   tests/guest/artist/kills.c
