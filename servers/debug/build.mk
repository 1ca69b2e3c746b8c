programs += debug
debug_sources := servers/debug/main.c servers/debug/image.c servers/debug/symbols.c servers/debug/backtrace.c \
                 servers/debug/memory.c servers/debug/report.c servers/debug/repetition.c
