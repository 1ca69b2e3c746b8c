#include "dice.h"

#include <ternion/log.h>

#include "test.h"

struct dice dice_take(uint32_t seed)
{
    log_print(LOG_DEBUG, "%s: seed %u", test_name, seed);
    return (struct dice){ seed };
}

/* Xorshift (Marsaglia, 2003): the triple 13, 17, 5. */
uint32_t dice_throw(struct dice *dice, uint32_t sides)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 17;
    dice->state ^= dice->state << 5;
    return dice->state % sides;
}

uint32_t dice_between(struct dice *dice, uint32_t least, uint32_t most)
{
    return least + dice_throw(dice, most - least + 1);
}
