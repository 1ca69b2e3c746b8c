/* What stopped the last call, in words. */
#pragma once

#include <abi/vm86.h>

#include <stdint.h>

void problem_clear(void);
void problem_set(const char *template, ...) __attribute__((format(printf, 1, 2)));

/* The same, and where: " at c000:9b2a", and which bytes stand there. */
void problem_set_at(const struct vm86_state *state, const char *template, ...) __attribute__((format(printf, 2, 3)));

const char *problem_text(void);
