/* What a\log's arguments say. Constant after options_read. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/log.h>

struct options {
    bool screen;           /* screen: print to the device screens\text\0 */
    bool serial;           /* serial: print to the device lines\text\0 */
    uint32_t history_lines;/* history=N: lines kept for readers, and for outputs that are away */
    log_level_t level;     /* level=NAME: the least urgent level that is printed; readers get all */
};

/* Reads the arguments; what it does not know is said to the log and skipped. */
void options_read(int count, char *const arguments[], struct options *options_out);
