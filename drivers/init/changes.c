#include <stdbool.h>

#include "changes.h"

#define WAITING_MAX 32U

static uint32_t count = 1;                   /* of changes so far; 0 is nobody's */
static bool is_untold;

/* The one that has waited longest is at waiting_first; the others stand behind it, around the end. */
static struct pending_call waiting[WAITING_MAX];
static uint32_t waiting_first;
static uint32_t waiting_count;

static void answer_first(void)
{
    struct init_changes now = { count };

    (void)init_changes_answer(&waiting[waiting_first], OK, &now);    /* or it is gone */
    waiting_first = (waiting_first + 1) % WAITING_MAX;
    waiting_count--;
}

void changes_note(void)
{
    count = count == UINT32_MAX ? 1 : count + 1;
    is_untold = true;
}

void changes_tell(void)
{
    while (is_untold && waiting_count > 0) {
        answer_first();
    }
    is_untold = false;
}

status_t changes_wait(struct server_call *call, const struct init_changes *request, struct init_changes *reply)
{
    if (request->count != count) {
        reply->count = count;
        return OK;
    }
    /* Those who wait and died, or do so in crowds, must not shut others out: the oldest asks again. */
    if (waiting_count == WAITING_MAX) {
        answer_first();
    }
    return server_answer_later(call, &waiting[(waiting_first + waiting_count++) % WAITING_MAX]);
}
