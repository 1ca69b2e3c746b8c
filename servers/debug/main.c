/*
 * s\debug: processes that make a mistake are frozen until it has told the log what there is to see: registers, callers by
 * name, stack, memory. Then they end, and whoever supervises them goes on from there.
 *
 *     hold=SECONDS   how long such a process stays frozen; 0 if nothing is said
 *
 * It is a server, so that applications that keep the processor busy do not delay it, and as boot modules, in which the names of
 * functions stand, are not for applications to read. While a process is frozen it asks nobody anything: that might be the one.
 */
#include <stdbool.h>

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/message.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "report.h"

#define HELD_MAX 32U             /* processes; the one that was frozen first goes where there are more */
#define HOLD_MAX_SECONDS 3600U
#define HOLD_MARK "hold="

MANIFEST(
    .rights = RIGHT_DEBUG,
    .partners = ROLE_BIT(ROLE_LOG),
);

/* Frozen processes, in the order in which they are released. */
static struct {
    process_id_t process;
    nanoseconds_t until_ns;
} held[HELD_MAX];
static uint32_t held_count;
static nanoseconds_t hold_ns;

/* It may have been ended by somebody else: then this does nothing. */
static void release(process_id_t process)
{
    (void)debug_release(process);
}

static void release_first(void)
{
    release(held[0].process);
    held_count--;
    memmove(&held[0], &held[1], held_count * sizeof held[0]);
}

static void release_due(void)
{
    while (held_count != 0 && held[0].until_ns <= clock_now()) {
        release_first();
    }
}

static void hold(process_id_t process)
{
    if (hold_ns == 0) {
        release(process);
        return;
    }
    if (held_count == HELD_MAX) {
        release_first();
    }
    log_print(LOG_WARNING, "it is kept frozen for %u s", (uint32_t)(hold_ns / SECOND));
    held[held_count].process = process;
    held[held_count].until_ns = clock_after(hold_ns);
    held_count++;
}

/* The number behind hold=. False: it is none. */
static bool read_seconds(const char *text, uint32_t *seconds_out)
{
    uint32_t seconds = 0;

    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || seconds > HOLD_MAX_SECONDS) {
            return false;
        }
        seconds = seconds * 10 + (uint32_t)(*text - '0');
    }
    *seconds_out = seconds;
    return seconds <= HOLD_MAX_SECONDS;
}

static void read_arguments(int count, char **arguments)
{
    for (int i = 1; i < count; i++) {
        bool is_hold = strncmp(arguments[i], HOLD_MARK, strlen(HOLD_MARK)) == 0;
        uint32_t seconds;

        if (is_hold && read_seconds(arguments[i] + strlen(HOLD_MARK), &seconds)) {
            hold_ns = seconds * SECOND;
        } else {
            log_print(LOG_WARNING, "argument \"%s\" is skipped: known is " HOLD_MARK "SECONDS, up to %u", arguments[i],
                      HOLD_MAX_SECONDS);
        }
    }
}

int main(int argc, char **argv)
{
    read_arguments(argc, argv);
    status_t status = debug_listen();
    if (status != OK) {
        log_print(LOG_ERROR, "cannot debug: %s",
                  status == BUSY ? "another process does it already" : "its grant has not RIGHT_DEBUG");
        return 1;
    }
    for (;;) {
        struct event event;

        if (event_wait(&event, held_count != 0 ? held[0].until_ns : FOREVER) == OK) {
            switch (event.kind) {
            case EVENT_PROCESS_FROZEN:
                report(event.id, event.count);
                hold(event.id);
                break;
            case EVENT_MESSAGE:
                message_answer(&event, BAD_PROTOCOL);
                break;
            case EVENT_SAVE_STATE:
                (void)state_saved();
                break;
            }
        }
        release_due();
    }
}
