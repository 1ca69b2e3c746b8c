/* Where the lines go, and the recording. */
#pragma once

#include <abi/status.h>
#include <ternion/vm86.h>

#include "options.h"

/* Opens what the options say. False: it cannot be had; why was said to the log. */
[[nodiscard]] bool output_open(const struct options *options);

void output_print(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* Is there a recording to be made? */
bool output_records(void);
void output_record(const struct bios_record *records, uint32_t count);

/* Prints and writes what is kept. False: not all could be; why was said to the log. */
[[nodiscard]] bool output_close(void);
