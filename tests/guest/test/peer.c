#include "peer.h"

#include "test.h"

process_id_t peer_start(process_class_t class, const char *role)
{
    process_id_t peer;

    EXPECT_OK(test_spawn(class, role, &peer, NULL));
    return peer;
}

void peer_tell(process_id_t peer, uint32_t word0, uint32_t word1)
{
    struct message message = { .words = { word0, word1 } };

    EXPECT_OK(message_send(peer, &message));
}

void peer_quit(process_id_t peer)
{
    peer_tell(peer, PEER_QUIT, 0);
    EXPECT_EQUAL(0, test_wait_exit(peer));
}

void peer_kill(process_id_t peer)
{
    EXPECT_OK(process_terminate(peer, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(peer));
}

struct words words_of(uint32_t seed)
{
    uint32_t state = seed * 2654435761U + 1;
    struct words words;

    for (uint32_t i = 0; i < MESSAGE_WORDS; i++) {
        words.word[i] = random_next(&state);
    }
    return words;
}

struct words words_answered(const struct words *question)
{
    return (struct words){ {
        question->word[0] + 1, ~question->word[1], question->word[2] ^ 0x5A5A5A5A, question->word[3] * 3,
    } };
}

void words_expect(const char *file, unsigned line, const struct words *expected, const struct words *actual)
{
    for (uint32_t i = 0; i < MESSAGE_WORDS; i++) {
        if (expected->word[i] != actual->word[i]) {
            test_fail(file, line, "word %u (expected 0x%x, got 0x%x)", i, expected->word[i], actual->word[i]);
        }
    }
}

/* Marsaglia, Xorshift RNGs (2003). */
uint32_t random_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}
