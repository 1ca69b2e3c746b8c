/* What tests of calls share: other processes of a test, how they are told, how they end. */
#pragma once

#include <abi/process.h>
#include <ternion/call.h>
#include <ternion/clock.h>

#define PEER_STACK_BYTES 4096U
#define A_MOMENT_NS (20 * MILLISECOND)  /* long enough for others to go on until they wait */
#define PEER_QUIT 0xDEADU               /* words[0] of a message that ends an accomplice */

/* Starts a role without arguments and watches it. */
process_id_t peer_start(process_class_t class, const char *role);

/* Sends a message of two words. */
void peer_tell(process_id_t peer, uint32_t word0, uint32_t word1);

/* Tells it to quit, and expects that it ends well. */
void peer_quit(process_id_t peer);

/* Ends it. The caller must be a server or a driver. */
void peer_kill(process_id_t peer);

/* Four words that follow from a number. */
struct words words_of(uint32_t seed);

/* What an honest server (role words_server) answers. */
struct words words_answered(const struct words *question);

#define EXPECT_WORDS(expected, actual) words_expect(__FILE__, __LINE__, expected, actual)
void words_expect(const char *file, unsigned line, const struct words *expected, const struct words *actual);

/* The next random number, from a state that begins with a seed. */
uint32_t random_next(uint32_t *state);
