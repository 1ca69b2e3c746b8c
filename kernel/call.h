/*
 * Calls: a message whose sender waits for the one answer. The waiting thread itself is the
 * message: nothing is allocated, nothing can run out. Its string and its pages stay in its own memory until the callee
 * takes them, and the answer goes straight into it: each byte is copied once, pages never.
 *
 * The ID of a call is odd (those of sent messages are even): the caller's slot in the thread arena, and a count
 * that grows with every call of that slot. Only the process that was called can use it, as long as the call waits.
 *
 * Who dies:   callee -- its callers wake with PEER_DIED.
 *             caller -- the callee's answer finds no call: BAD_ID.
 *
 * For words alone i386/direct_switch.asm does the same without a pass through here.
 * Called with interrupts off.
 */
#pragma once

#include <abi/message.h>
#include <abi/status.h>

#include <stdbool.h>
#include <stdint.h>

struct event_source;
struct process;
struct thread;

#define CALL_ID_MARK 1U
#define CALL_ID_INDEX_SHIFT 1U
#define CALL_ID_STEP 0x2000U     /* one more call of the same slot: behind the mark and the 12 bits of the index */

static inline bool call_id_is(message_id_t id)
{
    return (id & CALL_ID_MARK) != 0;
}

/*
 * In thread.callee, which entry's direct switch compares with a process: the answer may not switch to this caller
 * directly, because its call was not taken yet, or the answer goes to memory, or it sleeps.
 */
#define CALLEE_NOT_DIRECT 1U

/* A new thread's calls go on counting where those of the slot's last one ended. */
void call_thread_begins(struct thread *thread);

/* A thread ends: its call, if it waits in one, is withdrawn. */
void call_thread_ends(struct thread *thread);

/* The thread is put to sleep: an answer wakes it no more directly. */
void call_thread_sleeps(struct thread *thread);

/* The thread whose call this one took last, if that still waits: on its time the work is done. Else NULL. */
[[nodiscard]] struct thread *call_server_works_for(const struct thread *server);

/*
 * Takes a queued call of words alone, as a direct switch delivers it: into the running thread's registers and slot; but the
 * first word, which goes to EAX. False, and nothing is done, if the source is another.
 */
[[nodiscard]] bool call_take_words(struct event_source *source, uint32_t *word_out);

/* A process ends: who waits for its answer wakes with PEER_DIED. */
void calls_callee_ended(struct process *process);

/* The process is traced from now on: neither the calls of its threads nor those to it end by a direct switch. */
void calls_make_indirect(const struct process *process);

/* The call with this ID that the running process has taken; or NULL. */
[[nodiscard]] struct thread *call_find(message_id_t id);

/* Ends a call without an answer: the caller gets this status. */
void call_refuse(struct thread *caller, status_t status);

/* message_reply: answers with a message of the running process. OK, BAD_ADDRESS (nothing happened), TOO_BIG. */
[[nodiscard]] status_t call_answer(struct thread *caller, const struct message USER *from);

/* message_receive: the call's string into the running process. OK, TOO_BIG, BAD_ADDRESS, DISCARDED (the caller's memory is gone). */
[[nodiscard]] status_t call_receive(struct thread *caller, void USER *to, uint32_t size);
