programs += edu
edu_sources := tests/guest/edu/main.c tests/guest/edu/card.c
