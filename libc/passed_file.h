/* Open files on their way to a spawned process: a kind, and the words that this kind needs to be opened again there. */
#pragma once

#include <stdint.h>

#include "libc/file.h"

enum passed_kind {
    PASSED_NOTHING,     /* words[0]: 0: /dev/null, 1: /dev/zero */
    PASSED_LOG,         /* words[0]: level */
    PASSED_PIPE,        /* words[0]: ID; [1], [2]: key, low half first; [3]: O_RDONLY or O_WRONLY */
    PASSED_SERVER_FILE, /* words[0]: ID of the position; [1], [2]: key; [3]: flags; [4]: handle of the server's; [5], [6]: key */
    PASSED_TERMINAL,    /* words[0]: number; [1], [2]: key; [3]: flags */
    PASSED_KIND_COUNT,
};

#define PASSED_WORDS 7U

struct passed_file {
    uint32_t kind;      /* enum passed_kind */
    uint32_t words[PASSED_WORDS];
};

/* In the new process: opens it; the caller's reference. A negated errno. */
int passed_file_open(const struct passed_file *passed, struct file **file_out);
