/* Those who ask a\log something: readers of lines, and those who wait until all is printed. See ternion/log_client.h. */
#pragma once

#include <stdbool.h>

#include <abi/event.h>

/* Serves a message. Main thread. */
void readers_serve(const struct event *event);

/* A process has ended: the level of the screen that it has set holds no more. Main thread. */
void readers_process_ended(process_id_t process);

/* Serves those who wait for a line: call it after one was added. Main thread. */
void readers_new_line(void);

/* The machine goes down: says state_saved when all is printed, or shortly before the deadline. Main thread. */
void readers_save_state(nanoseconds_t deadline_ns);

/*
 * Who waits until all is printed means also the records that a\log has not taken yet: they stand in line with his
 * request. Is there such a one? And: no event is waiting, so all that he means has been taken. Main thread.
 */
bool readers_are_unsettled(void);
void readers_settle(void);

/* A line was printed: who waits for lines behind it waits on. Any thread. */
void readers_line_printed(void);

/* Answers those whose lines are printed by now, or whose time is up. Any thread. */
void readers_flushed(void);

/* When readers_flushed is to be called at the latest, or FOREVER. Any thread. */
nanoseconds_t readers_deadline(void);
