/* Messages: what a process sends to a process. */
#pragma once

#include <abi/types.h>

#define MESSAGE_WORDS 4U
#define MESSAGE_STRING_MAX 65536U /* bytes of the string of one message */
#define MESSAGE_INLINE_MAX 64U    /* a string up to this size arrives entire with its event */

/* What is sent: four words, and a string of bytes that the kernel copies. */
struct message {
    uint32_t words[MESSAGE_WORDS];
    const void USER *string; /* the sender's memory; may be NULL when string_size is 0 */
    uint32_t string_size;    /* bytes, at most MESSAGE_STRING_MAX */
};

/* Where a caller wants its reply. */
struct reply {
    uint32_t words[MESSAGE_WORDS]; /* out */
    void USER *buffer;             /* in: the caller's memory for the reply's string, or NULL */
    uint32_t buffer_size;          /* in: bytes of it */
    uint32_t string_size;          /* out: bytes of the string that was sent, even if fewer fit */
};
