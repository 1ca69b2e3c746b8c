#include "log_level.h"

#include <stdbool.h>

#include <ternion/clock.h>
#include <ternion/log_client.h>
#include <ternion/process.h>
#include <ternion/syscall.h>

#define LOG_NAME "a\\log"
#define AGAIN_NS (100 * MILLISECOND)

static bool is_lowered;
static process_id_t told;        /* the a\log that knows it; 0: none does */
static bool is_due;              /* it is to be told */

static void tell(void)
{
    process_id_t log;

    if (name_find(LOG_NAME, &log) != OK) {
        return;                  /* it is being started again */
    }
    status_t status = process_watch(log);
    if ((status == OK || status == EXISTS) && log_set_screen_level(log, is_lowered ? LOG_WARNING : LOG_DEBUG) == OK) {
        told = log;
        is_due = false;
    }
}

static void set(bool lowered)
{
    is_due = is_due || lowered != is_lowered;
    is_lowered = lowered;
    (void)log_level_look();
}

void log_level_lower(void)
{
    set(true);
}

void log_level_restore(void)
{
    set(false);
}

void log_level_process_ended(process_id_t process)
{
    if (process == told) {
        told = 0;
        is_due = is_lowered;
    }
}

nanoseconds_t log_level_look(void)
{
    if (is_due) {
        tell();
    }
    return is_due ? clock_after(AGAIN_NS) : FOREVER;
}
