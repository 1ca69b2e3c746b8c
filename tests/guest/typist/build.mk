programs += typist
typist_sources := tests/guest/typist/main.c tests/guest/verbs.c tests/guest/typist/hostile.c
