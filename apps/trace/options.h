/* What a\trace's arguments say. Constant after options_read. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <abi/status.h>

#define TARGETS_MAX 16U          /* processes by name */
#define OUTPUTS_MAX 8U
#define RECORDS_MIN 16U
#define RECORDS_USUAL 4096U      /* that wait for the outputs */
#define RECORDS_MAX 65536U

enum output_kind { OUTPUT_TEXT, OUTPUT_LOG, OUTPUT_FILE };

struct options {
    const char *targets[TARGETS_MAX];
    uint32_t target_count;
    uint32_t mask;               /* TRACE_… */
    struct {
        enum output_kind kind;
        const char *device;      /* of the log: NULL */
    } outputs[OUTPUTS_MAX];
    uint32_t output_count;
    uint32_t count;              /* records after which it ends; 0: never */
    uint32_t seconds;            /* after which it ends; 0: never */
    uint32_t records;            /* that are kept for the outputs */
    bool summary;
};

/* Reads the arguments; what it does not know is said to the log and skipped. False: there is nothing to trace; it is said, too. */
[[nodiscard]] bool options_read(int count, char *const arguments[], struct options *options_out);
