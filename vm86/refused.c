#include "refused.h"

#define PORTS_MAX 32U                /* hostile code asks for all there are: whoever reads a log has enough of these */

static struct bios_refused noted[PORTS_MAX];
static uint32_t count, told;

void refused_forget(void)
{
    count = told = 0;
}

void refused_note(uint16_t port, uint32_t width, bool is_read)
{
    if (count == PORTS_MAX) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (noted[i].port == port) {
            return;
        }
    }
    noted[count++] = (struct bios_refused){ .port = port, .width = (uint16_t)width, .is_read = is_read };
}

bool refused_next(struct bios_refused *refused_out)
{
    if (told == count) {
        return false;
    }
    *refused_out = noted[told++];
    return true;
}
