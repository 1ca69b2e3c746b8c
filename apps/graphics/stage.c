#include "stage.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/syscall_table.h>

#include "keystroke.h"

#define OPEN_NS (8 * SECOND)         /* drivers that look for their adapter take so long at most */
#define LOOK_NS (200 * MILLISECOND)  /* as often it is looked whether the picture is still there */
#define WITHOUT_KEYBOARD_S 10U

static bool succeeded(const struct stage *stage, const char *what, status_t status)
{
    if (status != OK) {
        log_print(LOG_ERROR, "%s: %s: %s", stage->display.device.name, what, status_meaning(status));
    }
    return status == OK;
}

bool stage_open(struct stage *stage, const char *name)
{
    uint32_t count;

    if (!succeeded(stage, "no display", display_open(&stage->display, name, clock_after(OPEN_NS)))
        || !succeeded(stage, "its modes", display_modes(&stage->display, stage->modes, DISPLAY_MODES_MAX, &count))) {
        return false;
    }
    stage->mode_count = count;
    return true;
}

bool stage_set(struct stage *stage, const struct display_mode *mode)
{
    uint32_t colours[DISPLAY_COLOURS];

    if (!succeeded(stage, "the mode cannot be set", display_set(&stage->display, mode->mode))) {
        return false;
    }
    uint32_t count = display_palette(&stage->display.mode, colours);
    return count == 0 || succeeded(stage, "its palette", display_set_palette(&stage->display, 0, count, colours));
}

bool stage_flush(struct stage *stage)
{
    const struct display_mode *mode = &stage->display.mode;

    return succeeded(stage, "the picture is not shown", display_flush(&stage->display, 0, 0, mode->width, mode->height));
}

bool stage_release(struct stage *stage)
{
    return succeeded(stage, "no text again", display_release(&stage->display));
}

bool stage_hold(struct stage *stage, uint32_t seconds)
{
    struct keystroke stroke;

    if (seconds == 0) {
        return true;
    }
    bool has_keyboard = keystroke_begin(&stroke);
    bool is_shown = true;

    if (seconds == STAGE_UNTIL_KEY && !has_keyboard) {
        log_print(LOG_WARNING, "no keyboard: the picture is held for %u s", WITHOUT_KEYBOARD_S);
        seconds = WITHOUT_KEYBOARD_S;
    }
    nanoseconds_t end_ns = seconds == STAGE_UNTIL_KEY ? FOREVER : clock_after(seconds * SECOND);
    while (is_shown && clock_now() < end_ns) {
        nanoseconds_t look_ns = clock_after(LOOK_NS);

        if (keystroke_wait(&stroke, look_ns < end_ns ? look_ns : end_ns)) {
            break;
        }
        /* Nothing is drawn; but a driver that has come back gets its picture. */
        is_shown = succeeded(stage, "the picture is lost", display_flush(&stage->display, 0, 0, 0, 0));
    }
    keystroke_end(&stroke);
    return is_shown;
}
