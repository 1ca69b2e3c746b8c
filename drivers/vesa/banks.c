#include "banks.h"

#include "vbe.h"

#define MEMORY_FIRST 0xA0000U
#define NOWHERE UINT32_MAX

static struct mode_window window;
static uint8_t *first_byte;
static uint32_t position;                /* counted in its granularity, or NOWHERE */
static bool function_is_tried;

void banks_open(const struct mode *mode, uint8_t *memory)
{
    window = mode->window;
    first_byte = memory + (window.memory - MEMORY_FIRST);
    position = mode->is_vga ? 0 : NOWHERE;
    function_is_tried = false;
}

/*
 * The window function is what 4F05 does without the way through INT 10h, but says nothing about success. So its first call is looked at: one
 * that did not do it is not called again.
 */
static status_t set_position(uint16_t wanted)
{
    if (window.function != 0) {
        status_t status = vbe_set_window(window.number, wanted, window.function);
        if (status == OK && function_is_tried) {
            return OK;
        }
        uint16_t found;
        function_is_tried = true;
        if (status == OK && vbe_get_window(window.number, &found) == OK && found == wanted) {
            return OK;
        }
        window.function = 0;
    }
    return vbe_set_window(window.number, wanted, 0);
}

status_t banks_reach(uint32_t offset, uint8_t **at_out, uint32_t *bytes_out)
{
    uint32_t start = position * window.granularity;

    if (position == NOWHERE || offset < start || offset - start >= window.size) {
        uint32_t wanted = offset / window.granularity;

        if (wanted > UINT16_MAX) {
            return BAD_ARGUMENT;
        }
        position = NOWHERE;
        status_t status = set_position((uint16_t)wanted);
        if (status != OK) {
            return status;
        }
        position = wanted;
        start = wanted * window.granularity;
    }
    *at_out = first_byte + (offset - start);
    *bytes_out = window.size - (offset - start);
    return OK;
}

uint32_t banks_offset(void)
{
    return position == NOWHERE ? 0 : position * window.granularity;
}
