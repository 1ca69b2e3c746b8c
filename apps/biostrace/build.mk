shared_programs += biostrace
biostrace_sources := apps/command/log_output.c apps/command/help.c apps/biostrace/main.c apps/biostrace/options.c apps/biostrace/output.c apps/trace/file.c
