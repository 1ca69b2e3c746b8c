programs += biostrace
biostrace_sources := apps/biostrace/main.c apps/biostrace/options.c apps/biostrace/output.c apps/trace/file.c
