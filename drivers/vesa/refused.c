#include "refused.h"

#include <ternion/log.h>
#include <ternion/vm86.h>

void refused_tell(void)
{
    struct bios_refused refused;

    while (bios_next_refused(&refused)) {
        log_print(LOG_WARNING, "the BIOS was refused port 0x%x, of which it %s %u bytes: it is not in this driver's grant", refused.port,
                  refused.is_read ? "read" : "wrote", refused.width);
    }
}
