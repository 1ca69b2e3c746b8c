#include "lending.h"

#include <ternion/log.h>
#include <ternion/syscall.h>
#include <ternion/syscall_table.h>
#include <ternion/text.h>

#define TEXT_NAME "screens\\text\\0"

static struct device screen;
static bool is_lent, is_as_left;

void lending_open(void)
{
    uint32_t watch;

    (void)device_open(&screen, TEXT_NAME, DEVICE_TEXT, 0);   /* absent: it may come */
    screen.patience_ns = 0;
    MUST(device_watch(TEXT_NAME, sizeof TEXT_NAME - 1, &watch));
}

/* No text screen, or text that goes elsewhere, is fine. */
static bool is_trouble(status_t status)
{
    return status != OK && status != NOT_FOUND && status != BAD_OPERATION && status != BAD_PROTOCOL;
}

/* False: another driver has it. */
static bool lend(void)
{
    status_t status = text_lend_as_left(&screen, &is_as_left);

    if (status != BUSY && is_trouble(status)) {
        log_print(LOG_WARNING, "the text screen is not lent: %s", status_meaning(status));
    }
    return status != BUSY;
}

bool lending_begin(void)
{
    is_lent = is_lent || lend();
    return is_lent;
}

void lending_end(void)
{
    status_t status = is_lent ? text_take_back(&screen) : OK;

    is_lent = false;
    if (is_trouble(status)) {
        log_print(LOG_WARNING, "the text screen is not taken back: %s", status_meaning(status));
    }
}

bool lending_is_as_left(void)
{
    return is_as_left;
}

bool lending_look_again(void)
{
    if (is_lent) {
        is_lent = lend();
        return is_lent;
    }
    return true;
}
