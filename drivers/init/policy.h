/* Reads init.policy, whose format stands at the head of that file and in docs/policy.md. Portable. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <abi/grant.h>
#include <abi/log.h>

/* What programs of a name may have at most. */
struct rule {
    unsigned line;
    char name[NAME_SIZE_MAX + 1];    /* without the * */
    uint32_t name_size;              /* bytes */
    bool is_for_all;                 /* names that begin so; there was a * */
    bool is_strict;                  /* who asks for more is not started */
    bool has_plugged;                /* it may have what a bus driver finds for it, beside the rest */
    uint32_t roles;                  /* ROLE_BIT of each that it may have */
    struct access most;              /* all but the role; strikes is never 0 */
};

/* Takes what there is to say of a line. */
typedef void policy_say(log_level_t level, unsigned line, const char *text);

/* Rules in the order of their lines. All zeroes: none. */
struct policy {
    struct rule *rules;
    uint32_t count;
    uint32_t capacity;
};

/*
 * Reads rules. A line with a mistake is told; if its name can be read, then that gets nothing, for a less specific
 * line might give more than this one was to.
 */
void policy_read(struct policy *policy, const char *text, size_t size, policy_say *say);

/* The most specific rule for a name. NULL: there is none, and the program gets nothing. */
const struct rule *policy_find(const struct policy *policy, const char *name);
