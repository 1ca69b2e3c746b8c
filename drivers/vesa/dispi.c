#include "dispi.h"

#include <ternion/port.h>

#define INDEX 0x1CEU                 /* words both: an ATI adapter's bytes there have no register 0, which is all that it would see of this */
#define DATA 0x1CFU

#define ID 0U
#define ID_FIRST 0xB0C0U             /* version 0 */
#define ID_LAST 0xB0CFU
#define ENABLE 4U

bool dispi_switch_off(void)
{
    port_write16(INDEX, ID);
    uint16_t id = port_read16(DATA);
    if (id < ID_FIRST || id > ID_LAST) {
        return false;
    }
    port_write16(INDEX, ENABLE);
    port_write16(DATA, 0);
    return true;
}
