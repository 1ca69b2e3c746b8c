/* What a program gets: what it asks for, and the policy allows. Portable. */
#pragma once

#include <stdbool.h>

#include "policy.h"

struct decision {
    struct access given;
    struct access denied;        /* what it asks for and does not get; a field is 0 where it gets all */
    bool is_whole;               /* it gets all that it asks for */
};

/*
 * Decides.
 *   manifest   what the program asks for; NULL: it has no manifest, and asks for the partners that the rule allows
 *   rule       NULL: none, and nothing is given
 */
void grant_decide(const struct access *manifest, const struct rule *rule, struct decision *decision_out);

/* Adds lines, ports and memory to an access. False: there is no room for them all; the access is as it was. */
[[nodiscard]] bool grant_add(struct access *access, const struct access *plugged);

/* Does it hold nothing that the kernel would not take? */
[[nodiscard]] bool grant_is_sound(const struct access *access);
