shared_programs += trace
trace_sources := apps/command/log_output.c apps/command/help.c apps/trace/main.c apps/trace/options.c apps/trace/targets.c apps/trace/names.c apps/trace/ring.c apps/trace/printer.c \
                 apps/trace/outputs.c apps/trace/file.c apps/trace/decode.c apps/trace/call.c apps/trace/value.c apps/trace/line.c \
                 apps/trace/summary.c
