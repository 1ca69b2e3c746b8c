programs += keys
keys_sources := apps/keys/main.c apps/keys/show.c
