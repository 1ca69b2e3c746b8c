programs += clerk
clerk_sources := tests/guest/clerk/main.c tests/guest/verbs.c
