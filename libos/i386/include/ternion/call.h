/*
 * Calls of up to four words, in registers: the shortest way to another process and back.
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
 * One to four words cost the same: those that are not needed are 0.
 *
 * Any thread may call them. The registers are those of abi/syscall.def.
 */
#pragma once

#include <abi/event.h>
#include <abi/status.h>
#include <abi/syscall_numbers.h>
#include <abi/system.h>

struct words {
    uint32_t word[MESSAGE_WORDS];
};

#define SYSTEM_CALL_ENTRY "i"(SYSTEM_PAGE + offsetof(struct system_page, system_call_entry))

/*
 * Sends *words to a process and sleeps until it answers; then *words is the answer. OK; BAD_ID: there is no such process;
 * DEADLOCK: it waits for the caller; PEER_DIED; DISCARDED; TRUNCATED: a string or pages in the answer were dropped. Unless it is OK
 * *words has no meaning.
 */
[[nodiscard]] static inline status_t message_call_words(process_id_t destination, struct words *words)
{
    status_t status;
    uint32_t *word = words->word;

    asm volatile("push %%ebp; mov %%ecx, %%ebp; call *%c[entry]; mov %%ebp, %%ecx; pop %%ebp"
                 : "=a"(status), "+b"(destination), "+d"(word[0]), "+S"(word[1]), "+D"(word[2]), "+c"(word[3])
                 : "0"(SYSCALL_MESSAGE_CALL_WORDS), [entry] SYSTEM_CALL_ENTRY
                 : "memory", "cc");
    word[0] = destination;
    return status;
}

#define CALL_IN_REGISTERS 1U     /* of a call's ID, which is odd: in EBX behind message_reply_wait_words */

/* No call has come: *event_out is an event already, or is made of registers, or says why the answer was not given. */
static inline message_id_t event_not_call(struct event *event_out, uint32_t status, uint32_t kind, uint32_t id, uint32_t count)
{
    if (kind != 0 || status != OK) {
        event_out->kind = kind / EVENT_IN_REGISTERS;
        event_out->flags = 0;
        event_out->id = id;
        event_out->sender = KERNEL_PROCESS;
        event_out->count = kind != 0 ? count : status;
        event_out->page_count = 0;
        event_out->string_size = 0;
    }
    return 0;
}

/*
 * Answers the call `id` (0: none) with *words, and waits for the next event. If that is a call of words: its ID, and
 * *words is what it says; thread_slot() tells its sender and that one's class. Else 0, and *event_out is the event;
 * its kind is EVENT_NONE if there was no such call (any more): `count` is the status then, and nothing was waited for.
 */
[[nodiscard]] static inline message_id_t message_reply_wait_words(message_id_t id, struct words *words, struct event *event_out)
{
    uint32_t result = (uint32_t)event_out;
    uint32_t *word = words->word;

    asm volatile("push %%ebp; push %%eax; mov %%ecx, %%ebp; mov %[number], %%eax; call *%c[entry];"
                 "pop %%ecx; mov %%ebp, %%ecx; pop %%ebp"
                 : "+a"(result), "+b"(id), "+d"(word[0]), "+S"(word[1]), "+D"(word[2]), "+c"(word[3])
                 : [number] "i"(SYSCALL_MESSAGE_REPLY_WAIT_WORDS), [entry] SYSTEM_CALL_ENTRY
                 : "memory", "cc");
    word[0] = result;
    return (id & CALL_IN_REGISTERS) != 0 ? id : event_not_call(event_out, result, id, word[1], word[2]);
}
