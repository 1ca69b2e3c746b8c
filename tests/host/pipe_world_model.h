/* The model's part of each step of pipe_world.h. */
#pragma once

#include "pipe_world.h"

struct process;

struct process *world_process_of(const struct world_thread *thread);
struct world_process *world_owner_of(const struct world_thread *thread);

/* Processes that are members; has one given reading or writing up, or does it with nobody at the other end? What EVENT_PIPE_READY would say now. */
uint32_t world_members(void);
bool world_is_left(const struct world_process *process, bool writes);
uint32_t world_ready_now(const struct world_process *process);

/* The thread whose turn it is, or NULL. */
struct world_thread *world_head(bool writes);

/* Something in the pipe has changed, or who is there. */
void world_attend(void);

/* A thread is in its line no more; a process is no member any more. */
void world_line_leave(struct world_thread *thread);
/* Its threads read, or write, no more. */
void world_throw_out(const struct world_process *process, bool writes);

void world_process_leaves(struct world_process *process);

/* Its transfer stands at `moved` now: the bytes are in the pipe, or were taken out of it. */
void world_follow(struct world_thread *thread, uint32_t moved);

/* It is the thread's turn and it runs. True: its transfer has ended, with *status_out. */
bool world_run_turn(struct world_thread *thread, uint32_t *moved_out, status_t *status_out);

/* The reader that a write of so many bytes would satisfy, past the empty pipe; or NULL. */
struct world_thread *world_reader_to_hand_to(uint32_t size);

/* Is everything as the model says? Nobody sleeps who could go on. */
void world_check(void);
