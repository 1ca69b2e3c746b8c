#include "screen.h"

#include <ternion/log.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall.h>

#include "checksum.h"
#include "modes.h"

static bool is_alive(process_id_t id)
{
    struct process_information information;

    return process_information(id, &information) == OK;
}

bool screen_is_taken(struct screen *screen, process_id_t process)
{
    if (screen->owner != 0 && screen->owner != process && !is_alive(screen->owner)) {
        screen_release(screen);      /* the event is still on its way */
    }
    return screen->owner != 0 && screen->owner != process;
}

static void free_memory(struct screen *screen)
{
    if (screen->mode != NULL) {
        (void)shared_leave(screen->memory.id);
        (void)memory_free((uint32_t)screen->shown, mode_pages(screen->mode));
    }
}

void screen_release(struct screen *screen)
{
    free_memory(screen);
    if (screen->owner != 0) {
        (void)process_unwatch(screen->owner);
    }
    screen->mode = NULL;
    screen->owner = 0;
}

/* Both memories, black. */
static status_t make_memory(const struct display_mode *mode, struct screen *new_out)
{
    uint32_t shown;

    status_t status = memory_allocate(mode_pages(mode), 0, &shown);
    if (status != OK) {
        return status;
    }
    status = shared_create(mode_pages(mode), &new_out->memory);
    if (status != OK) {
        (void)memory_free(shown, mode_pages(mode));
        return status;
    }
    new_out->shown = (uint8_t *)shown;
    new_out->mode = mode;
    return OK;
}

/* What is seen stays where the mode is the same. */
static void copy_shown(const struct screen *from, struct screen *to)
{
    uint32_t size = to->mode->pitch * to->mode->lines;

    memcpy(to->shown, from->shown, size);
    memcpy((uint8_t *)to->memory.address, from->shown, size);
    memcpy(to->palette, from->palette, sizeof to->palette);
    to->line = from->line;
}

status_t screen_set(struct screen *screen, const struct display_mode *mode, bool keep, process_id_t owner)
{
    struct screen new = { .owner = owner, .sets = screen->sets + 1, .flushes = screen->flushes };

    status_t status = make_memory(mode, &new);
    if (status != OK) {
        return status;
    }
    if (screen->owner == 0) {
        status = process_watch(owner);
        if (status != OK) {
            free_memory(&new);
            return status;
        }
    }
    new.tells = screen->tells;
    (void)display_palette(mode, new.palette);
    if (keep && screen->mode == mode) {
        copy_shown(screen, &new);
    }
    free_memory(screen);
    *screen = new;
    return OK;
}

static void tell(const struct screen *screen)
{
    const struct display_mode *mode = screen->mode;

    log_print(LOG_INFORMATION, "mode 0x%03X %ux%ux%u shows checksum %08x", mode->mode, mode->width, mode->height, mode->bits,
              screen_checksum(screen));
}

void screen_flush(struct screen *screen, const struct display_call_rectangle *rectangle)
{
    const struct display_mode *mode = screen->mode;
    uint32_t first = rectangle->x * mode->bytes;
    const uint8_t *from = (const uint8_t *)screen->memory.address;

    for (uint32_t line = rectangle->y; line < (uint32_t)rectangle->y + rectangle->height; line++) {
        uint32_t at = line * mode->pitch + first;

        memcpy(screen->shown + at, from + at, rectangle->width * mode->bytes);
    }
    screen->flushes++;
    if (screen->tells && rectangle->width != 0 && rectangle->height != 0) {
        tell(screen);
    }
}

uint32_t screen_checksum(const struct screen *screen)
{
    const struct display_mode *mode = screen->mode;
    uint32_t checksum = 0;

    for (uint32_t line = 0; line < mode->height; line++) {
        checksum = checksum_go_on(checksum, screen->shown + (screen->line + line) * mode->pitch, (uint32_t)mode->width * mode->bytes);
    }
    return checksum_go_on(checksum, screen->palette, mode_colours(mode) * (uint32_t)sizeof screen->palette[0]);
}
