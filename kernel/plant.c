#include "plant.h"

#include <stdint.h>

#include "log.h"
#include "main.h"
#include "options.h"

#define TICKS_BEFORE 1000U

static uint32_t ticks;

/* A function of its own, for the backtrace to show. */
[[gnu::noinline]] static void plant_panic(void)
{
    log_kernel(LOG_WARNING, "plant=panic: now");
    __builtin_trap();
}

void plant_tick(void)
{
    if (options.plant_panic && boot_is_done && ++ticks == TICKS_BEFORE) {
        plant_panic();
    }
}
