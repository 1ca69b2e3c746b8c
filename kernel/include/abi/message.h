/* Messages: what a process sends to a process. */
#pragma once

#include <abi/types.h>

#define MESSAGE_WORDS 4U
#define MESSAGE_STRING_MAX 65536U /* bytes of the string of one message */
#define MESSAGE_INLINE_MAX 64U    /* a string up to this size arrives entire with its event */

#define MESSAGE_PAGES_MAX 4096U   /* pages that one message can carry: 16 MB */

/* page_flags: what becomes of the pages. */
#define PAGES_GIVE 0U             /* they leave the sender, who must be the only one that has them */
#define PAGES_SHARE 1U            /* both have them, the receiver read-only. Those of boot modules, which nobody pays for, can be among them */
#define PAGES_SHARE_WRITABLE 2U   /* both have them and may write */

/* What is sent: four words, a string of bytes that the kernel copies, pages that it does not. */
struct message {
    uint32_t words[MESSAGE_WORDS];
    const void USER *string; /* the sender's memory; may be NULL when string_size is 0 */
    uint32_t string_size;    /* bytes, at most MESSAGE_STRING_MAX */
    void USER *pages;        /* first of consecutive pages of the sender's own; only with message_call and message_reply */
    uint32_t page_count;     /* at most MESSAGE_PAGES_MAX */
    uint32_t page_flags;     /* PAGES_… */
};

/* Where a caller wants its reply. */
struct reply {
    uint32_t words[MESSAGE_WORDS]; /* out */
    void USER *buffer;             /* in: the caller's memory for the reply's string, or NULL */
    uint32_t buffer_size;          /* in: bytes of it */
    uint32_t string_size;          /* out: bytes of the string that was sent, even if fewer fit */
    uint32_t pages;                /* out: address of the first page that came with the reply */
    uint32_t page_count;           /* out */
};
