/*
 * Drivers whose memory is damaged: each overwrites its own text and data at random, and goes on with what it was about. What they do
 * then is anything; the system is none the worse for it.
 */
#include <ternion/format.h>
#include <ternion/memory.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "dice.h"
#include "files.h"
#include "peer.h"

#define ROUNDS 100U
#define DAMAGES 400U             /* words that one overwrites, if it lives that long */
#define PATIENCE_NS (12 * MILLISECOND)

/* A little of everything that a driver does. */
static void work(uint32_t number)
{
    static char text[100];
    static uint8_t bytes[300];
    struct message message = { .words = { number }, .string = bytes, .string_size = number % sizeof bytes };
    struct event event;
    uint32_t address;

    format_text(text, sizeof text, "round %u of %s", number, process_name());
    memset(bytes, (int)strlen(text), sizeof bytes);
    if (message_send(SELF, &message) == OK && event_poll(&event) == OK && event.string_size > MESSAGE_INLINE_MAX) {
        (void)message_receive(event.id, bytes, sizeof bytes);
    }
    if (memory_allocate(1 + number % 3, 0, &address) == OK) {
        memcpy((void *)address, bytes, sizeof bytes);
        (void)memory_free(address, 1 + number % 3);
    }
    (void)port_read8(0x8000);
    (void)irq_acknowledge(number % 16);
    (void)device_remove(number);
    free(malloc(number % 1000));
    clock_sleep(number % 7 * 1000);
}

/* Where damage is felt: what is executed, the stack, or anything at all. */
static volatile uint32_t *some_word(struct dice *dice)
{
    const uint32_t executed[] = {
        (uint32_t)work, (uint32_t)format_text, (uint32_t)memset, (uint32_t)memcpy, (uint32_t)strlen, (uint32_t)malloc, (uint32_t)free,
        (uint32_t)clock_sleep, (uint32_t)message_send, (uint32_t)event_poll, (uint32_t)memory_allocate, (uint32_t)memory_free,
        (uint32_t)dice_throw,
    };
    uint32_t here = (uint32_t)executed & ~3U;

    switch (dice_throw(dice, 4)) {
    case 0:
        return (volatile uint32_t *)(PROGRAM_BASE + dice_throw(dice, (process_page()->image_end - PROGRAM_BASE) / 4) * 4);
    case 1:
        return (volatile uint32_t *)(here + dice_throw(dice, 64) * 4);
    default:
        return (volatile uint32_t *)((executed[dice_throw(dice, COUNT(executed))] & ~3U) + dice_throw(dice, 40) * 4);
    }
}

/* Its text becomes writable; then a word here and there is another. Argument: a seed. */
static void damage_driver(int argc, char **argv)
{
    struct dice dice = { test_number(argv[argc - 1]) * 2654435761U | 1 };

    for (uint32_t page = PROGRAM_BASE; page < process_page()->image_end; page += PAGE_SIZE) {
        (void)memory_protect(page, 1, 0);
    }
    for (uint32_t i = 0; i < DAMAGES; i++) {
        volatile uint32_t *word = some_word(&dice);
        uint32_t with = dice_throw(&dice, 0xFFFFFFFF);

        *word = dice_throw(&dice, 2) == 0 ? with : *word ^ 1U << with % 32;
        work(i);
    }
}

/* Ends by itself, or is ended. Its exit code. */
static uint32_t end_of(process_id_t id)
{
    struct event event;
    status_t status;

    do {
        status = event_wait(&event, clock_after(PATIENCE_NS));
        if (status == TIMED_OUT) {
            EXPECT_OK(process_terminate(id, 0));
        }
    } while (status != OK || event.kind != EVENT_PROCESS_EXITED || event.id != id);
    return event.count;
}

static void drivers_with_damaged_memory_harm_nobody(void)
{
    /* Ports at which nothing is, one line, and DMA memory: what a driver may use up and leave behind. */
    const struct access access = {
        .rights = RIGHT_DMA, .partners = PARTNERS_ALL, .role = ROLE_NETWORK, .irqs = IRQ_BIT(9), .ports = { { 0x8000, 0x80FF } },
    };
    uint32_t faults = 0;
    struct test_ledger before;

    test_ledger_take(&before);
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        process_id_t id;

        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "damage_driver", &id, test_digits(round).text, NULL));
        faults += (end_of(id) & ~0xFFU) == EXIT_FAULT;
        if (round % 25 == 0) {
            test_ledger_expect_same(&before);
        }
    }
    EXPECT(faults > ROUNDS / 2);
}

const struct test damage_tests[] = {
    TEST_WITHIN(30, CLASS_DRIVER, drivers_with_damaged_memory_harm_nobody),
};
const uint32_t damage_test_count = COUNT(damage_tests);
const struct role damage_roles[] = {
    ROLE(damage_driver),
};
const uint32_t damage_role_count = COUNT(damage_roles);
