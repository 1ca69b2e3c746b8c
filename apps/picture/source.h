/* Where pictures are: files, and disks with what stands there from the first byte on. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SOURCE_BYTES_MAX (32U * 1024 * 1024)

/*
 * Reads a whole file, or a whole device of type storage.
 *   name        a path, or the name of a device: those have backslashes
 *   bytes_out   to be freed
 * Waits some seconds for a device. False: why was told to the log.
 */
bool source_read(const char *name, uint8_t **bytes_out, uint32_t *size_out);
