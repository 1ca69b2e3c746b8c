shared_programs += keys
keys_sources := apps/command/log_output.c apps/command/help.c apps/keys/main.c apps/keys/show.c
