programs += log
log_sources := apps/log/main.c apps/log/options.c apps/log/line.c apps/log/history.c apps/log/output.c apps/log/readers.c
