/* Files that are disks: what stands on a device from its first byte on. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SOURCE_BYTES_MAX (32U * 1024 * 1024)

/*
 * Reads a whole device of type storage.
 *   device      its name
 *   bytes_out   to be freed
 * Waits some seconds for the device. False: why was told to the log.
 */
bool source_read(const char *device, uint8_t **bytes_out, uint32_t *size_out);
