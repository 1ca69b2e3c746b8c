#include "printer.h"

#include <ternion/clock.h>
#include <ternion/semaphore.h>
#include <ternion/thread.h>

#include "decode.h"
#include "names.h"
#include "outputs.h"
#include "ring.h"

#define STACK_BYTES 8192U
#define PAUSE_NS (20 * MILLISECOND)  /* without a record: lines are printed, and a call that has not ended is shown as begun */

static struct decoder decoder;
static struct summary summary;
static struct semaphore finished;

static void print(const struct options *options)
{
    struct trace_record record;
    status_t status;

    for (;;) {
        bool has_more = decoder_holds(&decoder) || outputs_are_dirty();

        status = ring_take(&record, has_more ? clock_after(PAUSE_NS) : FOREVER);
        if (status == OK) {
            decoder_take(&decoder, &record);
            continue;
        }
        decoder_settle(&decoder);
        if (status == NOTHING && options->summary) {
            summary_put(&summary, outputs_put);
        }
        outputs_flush();
        if (status == NOTHING) {
            return;
        }
    }
}

static void run(void *argument)
{
    const struct options *options = argument;

    outputs_open(options);
    decoder_begin(&decoder, outputs_put, names_find, &summary);
    print(options);
    semaphore_give(&finished);
}

status_t printer_start(const struct options *options)
{
    return thread_start(run, (void *)options, STACK_BYTES, NULL);
}

status_t printer_wait(nanoseconds_t deadline_ns)
{
    return semaphore_take_before(&finished, deadline_ns);
}
