/* What a program writes, as records of the log: whatever the bytes are, tests/system/batch.py puts them together again. */
#pragma once

#include <stddef.h>

/* Bytes of the program with this number; what does not fill a record waits. */
void teller_bytes(unsigned number, const char *bytes, size_t size);

/* How it ended; all that it wrote is told before. */
void teller_end(unsigned number, int code);
