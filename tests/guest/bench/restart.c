/*
 * A driver dies a thousand times. d\bench is its supervisor, and starts it from memory as soon as it hears of its end: what d\init does at the
 * first death. The client, driver.c too, asks all the time through libos, and tells when somebody else answers it than before.
 */
#include "restart.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "driver.h"
#include "measure.h"
#include "modules.h"

#define DEATHS 1000U
#define THOUSANDTHS_NS 1000U     /* of a millisecond */
#define PATIENCE_NS (10 * SECOND)

static const void *image;
static uint32_t image_size;

/* The client has no hardware and no more to say than its manifest, so it is the driver's image, too. */
static process_id_t start(process_class_t class, const char *role)
{
    char argument[16];
    char *const arguments[] = { argument };
    process_id_t id;

    memcpy(argument, role, strlen(role) + 1);
    MUST(spawn_image(class, role, image, image_size, 1, arguments, &id));
    return id;
}

/* Starts the driver again when it has ended, until the client has heard of one that is not `before`. Returns when that was. */
static nanoseconds_t answer_after(process_id_t before, process_id_t *driver)
{
    for (;;) {
        struct event event;

        MUST(event_wait(&event, clock_after(PATIENCE_NS)));
        if (event.kind == EVENT_PROCESS_EXITED) {
            MUST(event.id == *driver ? OK : PEER_DIED);          /* not the client */
            *driver = start(CLASS_DRIVER, DRIVER_ROLE);
        } else if (event.kind == EVENT_MESSAGE && event.words[0] != before) {
            return (uint64_t)event.words[2] << 32 | event.words[1];
        }
    }
}

static void sort(uint32_t *values, uint32_t count)
{
    for (uint32_t i = 1; i < count; i++) {
        uint32_t value = values[i];
        uint32_t at = i;

        for (; at > 0 && values[at - 1] > value; at--) {
            values[at] = values[at - 1];
        }
        values[at] = value;
    }
}

static void end(process_id_t id)
{
    struct event event;

    MUST(process_terminate(id, 0));
    do {
        MUST(event_wait(&event, clock_after(PATIENCE_NS)));
    } while (event.kind != EVENT_PROCESS_EXITED || event.id != id);
}

void report_driver_restart(void)
{
    static uint32_t waits[DEATHS];   /* in thousandths of a millisecond */

    module_find(DRIVER_IMAGE, &image, &image_size);
    process_id_t driver = start(CLASS_DRIVER, DRIVER_ROLE);
    process_id_t client = start(CLASS_APPLICATION, CLIENT_ROLE);
    (void)answer_after(0, &driver);
    for (uint32_t i = 0; i < DEATHS; i++) {
        clock_sleep(MILLISECOND);            /* in the middle of some request of the client's, or between two */
        process_id_t before = driver;
        nanoseconds_t begin_ns = clock_now();

        MUST(process_terminate(driver, 0));
        waits[i] = (uint32_t)((answer_after(before, &driver) - begin_ns + THOUSANDTHS_NS / 2) / THOUSANDTHS_NS);
    }
    end(client);
    end(driver);
    sort(waits, DEATHS);
    report_thousandths("driver_restart_ms_p50", waits[DEATHS / 2 - 1], "ms");
    report_thousandths("driver_restart_ms_p99", waits[DEATHS * 99 / 100 - 1], "ms");
}
