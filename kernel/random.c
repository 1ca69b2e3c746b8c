#include "random.h"

#include "string.h"

#define KEY_WORDS 8U
#define ROUNDS 20U

/* RFC 8439, section 2.3: "expand 32-byte k", then key, counter, nonce. */
static uint32_t state[CHACHA_WORDS] = { 0x61707865U, 0x3320646EU, 0x79622D32U, 0x6B206574U };

#define STATE_KEY 4U             /* index of the key's first word */
#define STATE_COUNTER 12U

static uint32_t pool[KEY_WORDS];
static uint32_t pool_next;

static uint32_t rotate(uint32_t value, uint32_t bits)
{
    return value << bits | value >> (32 - bits);
}

static void quarter_round(uint32_t x[CHACHA_WORDS], uint32_t a, uint32_t b, uint32_t c, uint32_t d)
{
    x[a] += x[b];
    x[d] = rotate(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = rotate(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = rotate(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = rotate(x[b] ^ x[c], 7);
}

void chacha_block(uint32_t out[CHACHA_WORDS], const uint32_t in[CHACHA_WORDS])
{
    memcpy(out, in, CHACHA_WORDS * sizeof *out);
    for (uint32_t round = 0; round < ROUNDS; round += 2) {
        for (uint32_t i = 0; i < 4; i++) {
            quarter_round(out, i, 4 + i, 8 + i, 12 + i);
        }
        for (uint32_t i = 0; i < 4; i++) {
            quarter_round(out, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
        }
    }
    for (uint32_t i = 0; i < CHACHA_WORDS; i++) {
        out[i] += in[i];
    }
}

void random_stir(uint32_t value)
{
    uint32_t *word = &pool[pool_next++ % KEY_WORDS];

    *word = rotate(*word, 7) ^ value;
}

void random_fill(void *to, uint32_t size)
{
    uint8_t *target = to;
    uint32_t block[CHACHA_WORDS];

    for (uint32_t i = 0; i < KEY_WORDS; i++) {
        state[STATE_KEY + i] ^= pool[i];
    }
    do {
        uint32_t most = (CHACHA_WORDS - KEY_WORDS) * (uint32_t)sizeof *block;
        uint32_t part = size < most ? size : most;

        state[STATE_COUNTER]++;
        chacha_block(block, state);
        memcpy(&state[STATE_KEY], block, KEY_WORDS * sizeof *block);
        memcpy(target, &block[KEY_WORDS], part);
        target += part;
        size -= part;
    } while (size > 0);
    memset(block, 0, sizeof block);
}

uint64_t random_key(void)
{
    uint64_t key;

    random_fill(&key, sizeof key);
    return key;
}
