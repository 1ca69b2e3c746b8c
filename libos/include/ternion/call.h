/*
 * Calls of four words, in registers: the shortest way to another process and back.
 * Where the server waits, the kernel switches straight to it, and its answer straight back.
 *
 *     struct words words = { { READ, sector } };
 *     status = message_call_words(server, &words);            -- the client
 *
 *     message_id_t call = 0;                                  -- the server
 *     for (;;) {
 *         call = message_reply_wait_words(call, &words, &event);
 *         if (call != 0) {
 *             serve(&words);                                  -- from thread_slot()->sender
 *         } else {
 *             handle(&event);                                 -- any other event
 *         }
 *     }
 *
 * Any thread may call them. Implemented in libos/i386/ipc.asm.
 */
#pragma once

#include <abi/event.h>
#include <abi/status.h>

struct words {
    uint32_t word[MESSAGE_WORDS];
};

/*
 * Sends *words to a process and sleeps until it answers; then *words is the answer. OK; BAD_ID: there is no such process;
 * BAD_ARGUMENT: it is the caller's own, and nobody else could answer; PEER_DIED; DISCARDED; TRUNCATED: a string or pages in the
 * answer were dropped. Then *words has no meaning.
 */
[[nodiscard]] status_t message_call_words(process_id_t destination, struct words *words);

/* The same without words: a question whose answer is that there is one. */
[[nodiscard]] status_t message_call_signal(process_id_t destination);

/*
 * Answers the call `id` (0: none) with *words, and waits for the next event. If that is a call of words: its ID, and
 * *words is what it says; thread_slot() tells its sender and that one's class. Else 0, and *event_out is the event;
 * its kind is EVENT_NONE if there was no such call (any more): `count` is the status then, and nothing was waited for.
 */
[[nodiscard]] message_id_t message_reply_wait_words(message_id_t id, struct words *words, struct event *event_out);

/* The same without words in the answer; those of the next call are lost. */
[[nodiscard]] message_id_t message_reply_wait_signal(message_id_t id, struct event *event_out);
