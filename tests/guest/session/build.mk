programs += session
session_sources := tests/guest/session/main.c tests/guest/session/crowd.c tests/guest/session/own_image.c tests/guest/verbs.c
