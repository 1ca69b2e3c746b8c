/* A stranger that takes the name a\log: it knows no more of the log than abi/log.h says. */
#pragma once

/* Prints every message of the kernel on the first serial line, in full, for ever. The value is not used. */
void log_run(const char *value);
