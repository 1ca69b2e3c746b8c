/* What a\biostrace's arguments say. */
#pragma once

#include <stdbool.h>

#include <ternion/bios_client.h>

#define DATA_TEXT_MAX 128U

enum output_kind { OUTPUT_LOG, OUTPUT_TEXT };

struct options {
    struct bios_request request;
    char data[DATA_TEXT_MAX];        /* the data's first bytes */
    enum output_kind output;
    const char *device;              /* OUTPUT_TEXT */
    const char *file;                /* a storage device that takes the recording; NULL: none does */
    const char *line;                /* a serial line that takes it; NULL: none does */
    bool is_quiet;                   /* the summary alone is printed */
    bool is_recorded;                /* so is the recording, as lines that the host's bios-replay reads */
};

/* False: they make no sense; why was said to the log. */
[[nodiscard]] bool options_read(int count, char *const arguments[], struct options *options_out);
