/*
 * Random numbers for keys: the ChaCha20 block function (RFC 8439, section 2.3) over what the machine's clocks
 * disagree about. After each request the generator's key is replaced by output that nobody has seen: what
 * was given cannot be computed from what is kept.
 *
 * Called with interrupts off. Portable.
 */
#pragma once

#include <stdint.h>

/* Mixes something in that an attacker may not know. */
void random_stir(uint32_t value);

/* `size` random bytes. */
void random_fill(void *to, uint32_t size);

/* 64 random bits. */
[[nodiscard]] uint64_t random_key(void);

#define CHACHA_WORDS 16U

/* The ChaCha20 block function: `out` of `in`, which begins with the four constants. */
void chacha_block(uint32_t out[CHACHA_WORDS], const uint32_t in[CHACHA_WORDS]);
