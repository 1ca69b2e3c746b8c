#include "mistakes.h"

#include <ternion/clock.h>
#include <ternion/log.h>
#include <ternion/port.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/thread.h>

#define FOREIGN_PORT 0x60        /* the keyboard's: not the witness's */
#define STACK_BYTES 4096U

/* Functions of their own, that come back: they must stand in the backtrace. */
#define STEP [[gnu::noinline, gnu::noclone]]

static volatile uint32_t zero;   /* what the compiler cannot foresee */
static volatile uint32_t sum;

STEP static void write_nowhere(void)
{
    *(volatile uint32_t *)zero = 1;
}

STEP static void divide(void)
{
    sum = (sum + 1000) / zero;
}

/* To an address where nothing is. */
STEP static void jump_nowhere(void)
{
    void (*volatile function)(void) = (void (*)(void))(uintptr_t)(zero + 0x60000000U);

    function();
    sum++;
}

/* In the library's assembly. */
STEP static void copy_nowhere(void)
{
    memset((void *)(uintptr_t)(zero + 0x60000000U), 0, 64 + zero);
    sum++;
}

/* Nothing stands behind its call in the function that calls it. */
[[gnu::noreturn, gnu::noinline, gnu::noclone]] static void end_badly(void)
{
    write_nowhere();
    for (;;) {
    }
}

[[gnu::noreturn, gnu::noinline, gnu::noclone]] static void call_at_the_end(void)
{
    end_badly();
}

/* A strike each time. */
STEP static void touch_foreign_ports(void)
{
    for (;;) {
        sum += port_read8(FOREIGN_PORT);
    }
}

/* Until the stack is used up. */
STEP static uint32_t recurse(uint32_t depth)
{
    volatile uint32_t place[64];

    place[depth % 64] = depth;
    return depth == UINT32_MAX ? 0 : recurse(depth + 1) + place[depth % 64];
}

static void wait_in_thread(void *unused)
{
    (void)unused;
    clock_sleep(FOREVER);
}

static void write_beside_threads(void)
{
    MUST(thread_start(wait_in_thread, NULL, STACK_BYTES, NULL));
    MUST(thread_start(wait_in_thread, NULL, STACK_BYTES, NULL));
    clock_sleep(MILLISECOND);    /* they sleep by then */
    write_nowhere();
}

STEP static void mistake_inner(const char *what)
{
    if (strcmp(what, "divide") == 0) {
        divide();
    } else if (strcmp(what, "jump") == 0) {
        jump_nowhere();
    } else if (strcmp(what, "copy") == 0) {
        copy_nowhere();
    } else if (strcmp(what, "end") == 0) {
        call_at_the_end();
    } else if (strcmp(what, "strike") == 0) {
        touch_foreign_ports();
    } else if (strcmp(what, "overflow") == 0) {
        sum += recurse(0);
    } else if (strcmp(what, "threads") == 0) {
        write_beside_threads();
    } else {
        write_nowhere();
    }
    sum++;
}

STEP static void mistake_middle(const char *what)
{
    mistake_inner(what);
    sum++;
}

void mistake_outer(const char *what)
{
    mistake_middle(what);
    sum++;
}
