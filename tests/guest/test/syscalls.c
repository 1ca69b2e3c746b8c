/* Every number of a system call, in every class, by both entries. */
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "files.h"
#include "raw.h"

#define NUMBERS 256U
#define NO_VALUE 0xFFFFFFFFU     /* no ID, no address, no enumerator, no line */

typedef uint32_t raw_entry_t(struct raw_call *call);

static const struct {
    const char *name;
    raw_entry_t *call;
} entries[] = {
    { "int 80h", raw_call_int },
    { "the system page's entry", raw_call_page },
};

static const struct syscall_description *description_of(uint32_t number)
{
    return number < SYSCALL_COUNT && syscall_table[number].name != NULL ? &syscall_table[number] : NULL;
}

/* Calls that end or stop the caller however wrong their arguments are. */
static bool comes_back(const struct syscall_description *description)
{
    return !description->blocks && (!description->noreturn || description->argument_count == 1);
}

/* What a call with arguments that no call takes must answer: a set of statuses. */
static uint32_t expected_statuses(const struct syscall_description *description, process_class_t class)
{
    if (description == NULL) {
        return 1U << BAD_SYSTEM_CALL;
    }
    return class > description->lowest_class ? 1U << NOT_ALLOWED : description->statuses;
}

static bool gives_results(const struct syscall_description *description)
{
    return description != NULL && description->result_count != 0;
}

/* Whatever a call does, it leaves the caller's registers alone but EAX, ECX, EDX and those of its results. */
static void expect_registers(uint32_t number, const struct raw_call *call)
{
    bool results = gives_results(description_of(number));

    if (call->edi != NO_VALUE || call->ebp != NO_VALUE || (!results && (call->ebx != NO_VALUE || call->esi != NO_VALUE))) {
        EXPECT_NOT("call %u changed the caller's registers: ebx %x, esi %x, edi %x, ebp %x", number, call->ebx, call->esi,
                   call->edi, call->ebp);
    }
}

static void expect_answer(uint32_t number, process_class_t class, raw_entry_t *entry, const char *entry_name)
{
    struct raw_call call = { number, NO_VALUE, NO_VALUE, NO_VALUE, NO_VALUE, NO_VALUE };
    uint32_t expected = expected_statuses(description_of(number), class);

    uint32_t status = entry(&call);
    if (status >= STATUS_COUNT || (expected & 1U << status) == 0) {
        EXPECT_NOT("call %u by %s: %s (set of expected statuses: 0x%x)", number, entry_name, status_name((status_t)status), expected);
    }
    expect_registers(number, &call);
}

/* process_exit is the one call that takes any argument and does not come back: here it is not called where it is allowed. */
static bool is_safe(uint32_t number, process_class_t class)
{
    const struct syscall_description *description = description_of(number);

    return description == NULL || class > description->lowest_class
        || (comes_back(description) && number != SYSCALL_PROCESS_EXIT);
}

static void call_every_number(void)
{
    process_class_t class = process_page()->class;

    for (uint32_t entry = 0; entry < COUNT(entries); entry++) {
        for (uint32_t number = 0; number < NUMBERS; number++) {
            if (is_safe(number, class)) {
                expect_answer(number, class, entries[entry].call, entries[entry].name);
            }
        }
    }
}

static void every_call_answers_a_driver_as_the_table_says(void)
{
    call_every_number();
}

static void every_call_answers_a_server_as_the_table_says(void)
{
    call_every_number();
}

static void every_call_answers_an_application_as_the_table_says(void)
{
    call_every_number();
}

static void numbers_far_outside_the_table_are_refused(void)
{
    static const uint32_t numbers[] = {
        SYSCALL_COUNT, 256, 1U << 16, 0x1FFFFFFF, 0x20000000, 0x3FFFFFFF, 0x40000000, 0x7FFFFFFF, 0x80000000,
        0xC0000000, 0xFFFFFFFE, 0xFFFFFFFF,
    };

    for (uint32_t entry = 0; entry < COUNT(entries); entry++) {
        for (uint32_t i = 0; i < COUNT(numbers); i++) {
            expect_answer(numbers[i], process_page()->class, entries[entry].call, entries[entry].name);
        }
    }
}

/* The class check follows the class: what a driver may is refused once it is an application. */
static void rights_end_with_a_downgrade(void)
{
    EXPECT_STATUS(BAD_ARGUMENT, irq_listen(NO_VALUE));
    EXPECT_OK(process_downgrade(CLASS_SERVER));
    EXPECT_STATUS(NOT_ALLOWED, irq_listen(NO_VALUE));
    EXPECT_STATUS(BAD_ID, process_wake(NO_VALUE));
    EXPECT_OK(process_downgrade(CLASS_APPLICATION));
    EXPECT_STATUS(NOT_ALLOWED, process_wake(NO_VALUE));
    call_every_number();
}

static void entry_of_the_system_page_suits_the_processor(void)
{
    const uint8_t *code = (const uint8_t *)system_page()->system_call_entry;
    static const uint8_t sysenter[] = { 0x0F, 0x34 };

    EXPECT(system_page()->system_call_entry / PAGE_SIZE == SYSTEM_PAGE / PAGE_SIZE);
    for (uint32_t i = 0; i < 16; i++) {
        if (memcmp(code + i, sysenter, sizeof sysenter) == 0) {
            EXPECT(cpu_has(CPU_SYSENTER));
            return;
        }
    }
    EXPECT(!cpu_has(CPU_SYSENTER));
}

static void table_and_stubs_know_the_same_calls(void)
{
    EXPECT(SYSCALL_COUNT <= NUMBERS);
    EXPECT_EQUAL(ABI_VERSION, system_page()->abi_version);
    EXPECT(strcmp("process_spawn", syscall_table[SYSCALL_PROCESS_SPAWN].name) == 0);
    EXPECT_OK(system_null());
}

const struct test syscalls_tests[] = {
    TEST(CLASS_DRIVER, every_call_answers_a_driver_as_the_table_says),
    TEST(CLASS_SERVER, every_call_answers_a_server_as_the_table_says),
    TEST(CLASS_APPLICATION, every_call_answers_an_application_as_the_table_says),
    TEST(CLASS_APPLICATION, numbers_far_outside_the_table_are_refused),
    TEST(CLASS_DRIVER, rights_end_with_a_downgrade),
    TEST(CLASS_APPLICATION, entry_of_the_system_page_suits_the_processor),
    TEST(CLASS_APPLICATION, table_and_stubs_know_the_same_calls),
};
const uint32_t syscalls_test_count = COUNT(syscalls_tests);
const struct role syscalls_roles[] = {};
const uint32_t syscalls_role_count = COUNT(syscalls_roles);
