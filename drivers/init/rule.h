/* Reads the words behind a name in init.policy. Portable. */
#pragma once

#include "policy.h"

#define COMPLAINT_MAX LOG_TEXT_MAX   /* bytes, with a NUL */

/* What is wrong with a line, and, if there is room for it nowhere else, what would be right. */
struct complaint {
    char text[COMPLAINT_MAX];
    char hint[COMPLAINT_MAX];        /* "": none */
};

/* Reads the rest of a line, which it changes. False: something is wrong with it, and the rule is half made. */
bool rule_read(struct rule *rule, char *at, struct complaint *complaint);

/* Lets a rule give nothing. */
void rule_close(struct rule *rule);
