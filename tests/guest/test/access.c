/* Rights and grants: what a call needs beside its class, tried with it and without it; and that nobody gives what he has not. */
#include <abi/device.h>
#include <abi/vm86.h>
#include <ternion/memory.h>
#include <ternion/string.h>
#include <ternion/syscall_table.h>
#include <ternion/system.h>

#include "files.h"
#include "tiny_image.h"

#define NOBODY 0xFFFFFFFFU       /* no process's ID */
#define ALL_BUT(right) (RIGHTS_ALL & ~(right))
#define LINE 5U
#define VIDEO_MEMORY 0xA0000U

/* ---- Calls and what they need ---- */

static status_t try_dma_allocate(void)
{
    uint32_t address;
    physical_t physical;
    status_t status = dma_allocate(1, 0, &address, &physical);

    return status == OK ? dma_free(address) : status;
}

static status_t try_dma_guard(void)
{
    return dma_guard(NOBODY);
}

static status_t try_dma_check(void)
{
    return dma_check(NOBODY, 0, 1);
}

static status_t try_speaker_divisor(void)
{
    return speaker_divisor(1000);
}

static status_t try_device_bind(void)
{
    static const struct device_name target = { 6, "target" };
    status_t status = device_bind("access", 6, &target);

    return status == OK ? device_unbind("access", 6) : status;
}

static status_t try_device_register(void)
{
    device_id_t id;
    status_t status = device_register("access", 6, DEVICE_NETWORK, 0, &id);

    return status == OK ? device_remove(id) : status;
}

static status_t try_trace_set(void)
{
    return trace_set(NOBODY, 0);
}

static status_t try_debug_listen(void)
{
    return debug_listen();
}

/* What else NOT_ALLOWED can mean is proved elsewhere: by control.c, identity.c, partners.c, keys. */
static status_t try_nothing(void)
{
    return OK;
}

static status_t try_vm86_set_up(void)
{
    return vm86_set_up(0);
}

static status_t try_vm86_map(void)
{
    return vm86_map(0x1000, 1, VM86_MAP_ZEROES);
}

static status_t try_panic_screen(void)
{
    return panic_screen(0);
}

#define BY_NO_RIGHT 0U

static const struct attempt {
    const char *call;            /* as in the table of system calls */
    uint32_t rights;             /* one of them is enough */
    status_t (*try)(void);
    status_t allowed;            /* what it answers then */
} attempts[] = {
    { "dma_allocate", RIGHT_DMA, try_dma_allocate, OK },
    { "dma_guard", RIGHT_DMA_CONTROLLER | RIGHT_PCI, try_dma_guard, BAD_ID },
    { "dma_check", RIGHT_DMA_CONTROLLER | RIGHT_PCI, try_dma_check, BAD_ID },
    { "speaker_divisor", RIGHT_SPEAKER, try_speaker_divisor, OK },
    { "device_bind", RIGHT_BIND_DEVICES, try_device_bind, OK },
    { "device_register", RIGHT_ASSIGN_ROLES, try_device_register, OK },
    { "trace_set", RIGHT_TRACE, try_trace_set, BAD_ID },
    { "debug_listen", RIGHT_DEBUG, try_debug_listen, OK },
    { "vm86_set_up", RIGHT_VM86, try_vm86_set_up, OK },
    { "vm86_map", RIGHT_VM86, try_vm86_map, OK },
    { "panic_screen", RIGHT_ASSIGN_ROLES, try_panic_screen, OK },
    { "shared_physical", BY_NO_RIGHT, try_nothing, OK },
    { "trace_read", BY_NO_RIGHT, try_nothing, OK }, { "debug_thread", BY_NO_RIGHT, try_nothing, OK },
    { "debug_read", BY_NO_RIGHT, try_nothing, OK }, { "debug_release", BY_NO_RIGHT, try_nothing, OK },
    { "physical_map", BY_NO_RIGHT, try_nothing, OK }, { "irq_listen", BY_NO_RIGHT, try_nothing, OK },
    { "log_write", BY_NO_RIGHT, try_nothing, OK }, { "message_send", BY_NO_RIGHT, try_nothing, OK },
    { "message_call", BY_NO_RIGHT, try_nothing, OK }, { "message_call_words", BY_NO_RIGHT, try_nothing, OK },
    { "process_spawn", BY_NO_RIGHT, try_nothing, OK }, { "process_terminate", BY_NO_RIGHT, try_nothing, OK },
    { "process_sleep", BY_NO_RIGHT, try_nothing, OK }, { "process_wake", BY_NO_RIGHT, try_nothing, OK },
    { "process_downgrade", BY_NO_RIGHT, try_nothing, OK }, { "thread_terminate", BY_NO_RIGHT, try_nothing, OK },
    { "thread_sleep", BY_NO_RIGHT, try_nothing, OK }, { "thread_wake", BY_NO_RIGHT, try_nothing, OK },
    { "pipe_join", BY_NO_RIGHT, try_nothing, OK }, { "shared_join", BY_NO_RIGHT, try_nothing, OK },
};

static const struct syscall_description *description_of(const char *name)
{
    for (uint32_t number = 0; number < SYSCALL_COUNT; number++) {
        if (syscall_table[number].name != NULL && strcmp(syscall_table[number].name, name) == 0) {
            return &syscall_table[number];
        }
    }
    EXPECT_NOT("there is no call %s", name);
    return NULL;
}

/* A call that can be refused for a new reason gets a new line above. */
static void every_call_that_can_be_refused_has_its_attempt(void)
{
    for (uint32_t number = 0; number < SYSCALL_COUNT; number++) {
        const struct syscall_description *call = &syscall_table[number];
        bool found = call->name == NULL || (call->statuses & 1U << NOT_ALLOWED) == 0;

        for (uint32_t i = 0; i < COUNT(attempts); i++) {
            found |= call->name != NULL && strcmp(attempts[i].call, call->name) == 0;
        }
        if (!found) {
            EXPECT_NOT("%s can answer NOT_ALLOWED, and no attempt says why", call->name);
        }
    }
}

/* Every attempt. Argument: the rights that this process has. */
static void access_trier(int argc, char **argv)
{
    uint32_t rights = test_number(argv[argc - 1]);

    for (uint32_t i = 0; i < COUNT(attempts); i++) {
        const struct attempt *attempt = &attempts[i];
        bool may = (rights & attempt->rights) != 0 && process_page()->class <= description_of(attempt->call)->lowest_class;
        status_t expected = attempt->rights == BY_NO_RIGHT ? OK : may ? attempt->allowed : NOT_ALLOWED;
        status_t status = attempt->try();

        if (status != expected) {
            EXPECT_NOT("%s by class %u with rights 0x%x: %s instead of %s", attempt->call, process_page()->class, rights,
                       status_name(status), status_name(expected));
        }
    }
    EXPECT_STATUS(NOT_ALLOWED, trace_read(&rights, sizeof rights, &rights));     /* it traces nobody */
    EXPECT_STATUS((rights & RIGHT_DEBUG) != 0 ? BAD_ID : NOT_ALLOWED, debug_release(NOBODY));
}

static void try_with(process_class_t class, uint32_t rights)
{
    struct access access = test_access;
    process_id_t trier;

    access.rights = rights;
    EXPECT_OK(test_spawn_with(class, &access, "access_trier", &trier, test_digits(rights).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(trier));
}

static void each_right_opens_its_calls_to_the_classes_that_may_and_no_others(void)
{
    for (process_class_t class = CLASS_DRIVER; class < CLASS_COUNT; class++) {
        try_with(class, 0);
        try_with(class, RIGHTS_ALL);
        for (uint32_t bit = 0; bit < RIGHT_COUNT; bit++) {
            try_with(class, 1U << bit);
            try_with(class, ALL_BUT(1U << bit));
        }
    }
}

/* ---- What is left when the class goes ---- */

static void access_changer(int argc, char **argv)
{
    uint32_t address;
    physical_t physical;
    (void)argc;
    (void)argv;

    EXPECT_OK(process_downgrade(CLASS_SERVER));
    EXPECT_STATUS(NOT_ALLOWED, dma_allocate(1, 0, &address, &physical));
    EXPECT_STATUS(NOT_ALLOWED, speaker_divisor(1000));
    EXPECT_STATUS(NOT_ALLOWED, physical_map(VIDEO_MEMORY, 1, 0, &address));
    EXPECT_OK(try_device_bind());
    EXPECT_STATUS(BAD_ID, trace_set(NOBODY, 0));
    EXPECT_OK(debug_listen());
}

/* What it has no more it cannot give, either. */
static void access_heir(int argc, char **argv)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .grant.source = ACCESS_EXPLICIT };
    process_id_t id;
    (void)argc;
    (void)argv;

    EXPECT_OK(process_downgrade(CLASS_APPLICATION));
    spawn.grant.access = (struct access){ .ports = { { 0x80, 0x80 } } };
    EXPECT_STATUS(NOT_ALLOWED, tiny_spawn_as(spawn, &id));
    spawn.grant.access = (struct access){ .irqs = IRQ_BIT(LINE) };
    EXPECT_STATUS(NOT_ALLOWED, tiny_spawn_as(spawn, &id));
    spawn.grant.access = (struct access){ .rights = RIGHT_DMA };
    EXPECT_STATUS(NOT_ALLOWED, tiny_spawn_as(spawn, &id));
    spawn.grant.access = (struct access){ .partners = PARTNERS_ALL, .rights = RIGHT_BIND_DEVICES };
    EXPECT_OK(tiny_spawn_as(spawn, &id));
}

static void driver_that_gives_up_its_class_gives_up_the_hardware_alone(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn(CLASS_DRIVER, "access_changer", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
    EXPECT_OK(test_spawn(CLASS_DRIVER, "access_heir", &id, NULL));
    EXPECT_EQUAL(0, test_wait_exit(id));
}

/* ---- Giving ---- */

/* What the giver has. */
static struct access own_access(uint32_t rights)
{
    return (struct access){
        .rights = rights, .role = ROLE_STORAGE, .partners = PARTNERS_ALL, .irqs = IRQ_BIT(LINE) | IRQ_BIT(14), .strikes = 20,
        .ports = { { 0x300, 0x30F }, { 0x320, 0x320 } }, .memory = { { VIDEO_MEMORY, 0xBFFFF }, { 0xE0000000, 0xE0FFFFFF } },
    };
}

static status_t give(const struct access *access)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .grant = { .source = ACCESS_EXPLICIT, .access = *access } };
    process_id_t id;
    status_t status = tiny_spawn_as(spawn, &id);

    if (status == OK) {          /* to whom it may not speak it does not say how it ends */
        EXPECT_EQUAL((access->partners & ROLE_BIT(ROLE_STORAGE)) != 0 ? TINY_EXIT : 0, test_wait_exit(id));
    }
    return status;
}

static void give_ports(uint16_t first, uint16_t last, status_t expected)
{
    struct access access = { .partners = PARTNERS_ALL, .ports = { [ACCESS_PORTS_MAX - 1] = { first, last } } };

    EXPECT_STATUS(expected, give(&access));
}

static void give_memory(physical_t first, physical_t last, status_t expected)
{
    struct access access = { .partners = PARTNERS_ALL, .memory = { [ACCESS_MEMORY_MAX - 1] = { first, last } } };

    EXPECT_STATUS(expected, give(&access));
}

static void give_ranges(void)
{
    give_ports(0x300, 0x30F, OK);
    give_ports(0x305, 0x306, OK);
    give_ports(0x320, 0x320, OK);
    give_ports(0x2FF, 0x30F, NOT_ALLOWED);
    give_ports(0x300, 0x310, NOT_ALLOWED);
    give_ports(0x300, 0x320, NOT_ALLOWED);
    give_ports(0, 0xFFFF, NOT_ALLOWED);
    give_ports(1, 1, NOT_ALLOWED);
    give_ports(0x30F, 0x300, BAD_ARGUMENT);
    give_ports(1, 0, BAD_ARGUMENT);
    give_memory(VIDEO_MEMORY, 0xBFFFF, OK);
    give_memory(0xB8000, 0xB8FFF, OK);
    give_memory(0xE0000000, 0xE0FFFFFF, OK);
    give_memory(0x9FFFF, 0xBFFFF, NOT_ALLOWED);
    give_memory(VIDEO_MEMORY, 0xC0000, NOT_ALLOWED);
    give_memory(VIDEO_MEMORY, 0xE0000000, NOT_ALLOWED);
    give_memory(0, 0xFFFFFFFF, NOT_ALLOWED);
    give_memory(0xFFFFFFFF, 0xFFFFFFFF, NOT_ALLOWED);
    give_memory(0xBFFFF, VIDEO_MEMORY, BAD_ARGUMENT);
}

/* One bit more of everything that is bits. Argument: its rights. */
static void give_bits(uint32_t own)
{
    bool assigns = (own & RIGHT_ASSIGN_ROLES) != 0;

    for (uint32_t bit = 0; bit < 32; bit++) {
        struct access rights = { .partners = PARTNERS_ALL, .rights = 1U << bit };
        struct access partners = { .partners = 1U << bit };
        struct access irqs = { .partners = PARTNERS_ALL, .irqs = 1U << bit };
        struct access roles = { .partners = PARTNERS_ALL, .role = bit };
        bool role_is_own = bit == ROLE_NONE || bit == ROLE_STORAGE;

        EXPECT_STATUS(bit >= RIGHT_COUNT ? BAD_ARGUMENT : (own & rights.rights) != 0 ? OK : NOT_ALLOWED, give(&rights));
        EXPECT_STATUS(bit >= ROLE_COUNT ? BAD_ARGUMENT : OK, give(&partners));
        EXPECT_STATUS(bit >= 16 ? BAD_ARGUMENT : bit == LINE || bit == 14 ? OK : NOT_ALLOWED, give(&irqs));
        EXPECT_STATUS(bit >= ROLE_COUNT ? BAD_ARGUMENT : role_is_own || assigns ? OK : NOT_ALLOWED, give(&roles));
    }
    for (uint32_t strikes = 0; strikes < 24; strikes++) {
        struct access access = { .partners = PARTNERS_ALL, .strikes = strikes };

        EXPECT_STATUS(strikes <= 20 || assigns ? OK : NOT_ALLOWED, give(&access));
    }
}

static void access_giver(int argc, char **argv)
{
    uint32_t rights = test_number(argv[argc - 1]);
    struct access everything = own_access(rights);

    EXPECT_OK(give(&everything));
    give_ranges();
    give_bits(rights);
}

static void nobody_gives_what_he_has_not(void)
{
    static const uint32_t rights[] = { 0, RIGHT_DMA | RIGHT_SPEAKER, ALL_BUT(RIGHT_ASSIGN_ROLES), RIGHT_ASSIGN_ROLES };

    for (uint32_t i = 0; i < COUNT(rights); i++) {
        struct access access = own_access(rights[i]);
        process_id_t giver;

        EXPECT_OK(test_spawn_with(i % 2 == 0 ? CLASS_DRIVER : CLASS_APPLICATION, &access, "access_giver", &giver,
                                  test_digits(rights[i]).text, NULL));
        EXPECT_EQUAL(0, test_wait_exit(giver));
    }
}

static void sources_that_are_none_are_refused(void)
{
    for (uint32_t source = ACCESS_SAME + 1; source != 0; source <<= 1) {
        struct spawn spawn = { .class = CLASS_APPLICATION, .grant.source = source };
        process_id_t id;

        EXPECT_STATUS(BAD_ARGUMENT, tiny_spawn_as(spawn, &id));
    }
}

/* ---- Taking ---- */

/* Tries whether it has what its parent has, or nothing: it never has the role. Argument: if it has it. */
static void access_child(int argc, char **argv)
{
    bool has = test_number(argv[argc - 1]) != 0;
    struct process_information information;
    uint32_t address;

    EXPECT_OK(process_information(SELF, &information));
    EXPECT_EQUAL(ROLE_NONE, information.role);
    EXPECT_EQUAL(0, information.strikes);
    EXPECT_STATUS(has ? OK : NOT_ALLOWED, irq_listen(LINE));
    EXPECT_STATUS(NOT_ALLOWED, irq_listen(LINE + 1));
    EXPECT_STATUS(has ? OK : NOT_ALLOWED, physical_map(VIDEO_MEMORY, 1, 0, &address));
    EXPECT_STATUS(has ? OK : NOT_ALLOWED, speaker_divisor(1000));
    EXPECT_STATUS(NOT_ALLOWED, debug_listen());
}

/* A driver with a little, whose children get the same, or what is said. */
static void access_parent(int argc, char **argv)
{
    struct access nothing = { .partners = PARTNERS_ALL };
    struct spawn same = { .class = CLASS_DRIVER, .flags = SPAWN_WATCH, .grant.source = ACCESS_SAME };
    process_id_t child;
    (void)argc;
    (void)argv;

    EXPECT_OK(test_spawn_as(&same, "access_child", &child, "1", NULL));
    EXPECT_EQUAL(0, test_wait_exit(child));
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &nothing, "access_child", &child, "0", NULL));
    EXPECT_EQUAL(0, test_wait_exit(child));
}

static void child_has_the_same_but_the_role_or_what_is_said(void)
{
    struct access access = own_access(RIGHT_SPEAKER);
    process_id_t parent;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "access_parent", &parent, NULL));
    EXPECT_EQUAL(0, test_wait_exit(parent));
}

/* ---- Lines and physical memory ---- */

/* Tries all lines; those of the mask in its argument are its own. */
static void access_listener(int argc, char **argv)
{
    uint32_t lines = test_number(argv[argc - 1]);
    struct process_information information;
    uint32_t strikes = 0;

    for (irq_line_t line = 0; line < 16; line++) {
        bool is_kernels = line == 0 || line == 2;
        bool may = (lines & IRQ_BIT(line)) != 0 && !is_kernels;

        EXPECT_STATUS(may ? OK : NOT_ALLOWED, irq_listen(line));
        strikes += !may && !is_kernels;
        EXPECT_OK(process_information(SELF, &information));
        EXPECT_EQUAL(strikes, information.strikes);
        EXPECT_STATUS(may ? OK : NOT_FOUND, irq_ignore(line));
    }
}

static void lines_outside_the_grant_are_strikes(void)
{
    static const uint32_t lines[] = { 0, 0xFFFF, IRQ_BIT(1), IRQ_BIT(9) | IRQ_BIT(15), 0xFFFF & ~IRQ_BIT(12), IRQ_BIT(0) | IRQ_BIT(2) };

    for (uint32_t i = 0; i < COUNT(lines); i++) {
        struct access access = { .partners = PARTNERS_ALL, .irqs = lines[i], .strikes = 50 };
        process_id_t listener;

        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "access_listener", &listener, test_digits(lines[i]).text, NULL));
        EXPECT_EQUAL(0, test_wait_exit(listener));
    }
}

static void expect_mapping(uint32_t physical, uint32_t pages, status_t expected, bool is_strike)
{
    struct process_information before, after;
    uint32_t address;

    EXPECT_OK(process_information(SELF, &before));
    EXPECT_STATUS(expected, physical_map(physical, pages, PHYSICAL_READ_ONLY, &address));
    EXPECT_OK(process_information(SELF, &after));
    EXPECT_EQUAL(before.strikes + is_strike, after.strikes);
    if (expected == OK) {
        EXPECT_OK(memory_free(address, pages));
    }
}

/* Has 64 KB of video memory, all RAM below 64 KB, and half a page. */
static void access_mapper(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    expect_mapping(0xA0000, 16, OK, false);
    expect_mapping(0xAF000, 1, OK, false);
    expect_mapping(0x9F000, 2, NOT_ALLOWED, true);
    expect_mapping(0xAF000, 2, NOT_ALLOWED, true);
    expect_mapping(0xA0000, 17, NOT_ALLOWED, true);
    expect_mapping(0xB0000, 1, NOT_ALLOWED, true);
    expect_mapping(0xB8000, 1, NOT_ALLOWED, true);   /* half of it is not enough */
    expect_mapping(0xFFFFF000, 1, NOT_ALLOWED, true);
    expect_mapping(0x1000, 1, NOT_ALLOWED, false);   /* in the grant, but RAM: of that nobody has any */
    expect_mapping(0xF000, 1, NOT_ALLOWED, false);
    expect_mapping(0xF000, 2, NOT_ALLOWED, true);
    expect_mapping(0xA0001, 1, BAD_ARGUMENT, false);
    expect_mapping(0xA0000, 0, BAD_ARGUMENT, false);
}

static void memory_outside_the_grant_is_a_strike_and_ram_inside_it_is_refused(void)
{
    struct access access = {
        .partners = PARTNERS_ALL, .strikes = 50, .memory = { { 0xA0000, 0xAFFFF }, { 0x1, 0xFFFF }, { 0xB8000, 0xB87FF } },
    };
    process_id_t mapper;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "access_mapper", &mapper, NULL));
    EXPECT_EQUAL(0, test_wait_exit(mapper));
}

const struct test access_tests[] = {
    TEST(CLASS_APPLICATION, every_call_that_can_be_refused_has_its_attempt),
    TEST_WITH_RIGHTS(RIGHTS_ALL, CLASS_DRIVER, each_right_opens_its_calls_to_the_classes_that_may_and_no_others),
    TEST(CLASS_DRIVER, driver_that_gives_up_its_class_gives_up_the_hardware_alone),
    TEST_WITH_RIGHTS(RIGHTS_ALL, CLASS_DRIVER, nobody_gives_what_he_has_not),
    TEST(CLASS_APPLICATION, sources_that_are_none_are_refused),
    TEST(CLASS_DRIVER, child_has_the_same_but_the_role_or_what_is_said),
    TEST(CLASS_DRIVER, lines_outside_the_grant_are_strikes),
    TEST(CLASS_DRIVER, memory_outside_the_grant_is_a_strike_and_ram_inside_it_is_refused),
};
const uint32_t access_test_count = COUNT(access_tests);
const struct role access_roles[] = {
    ROLE(access_trier), ROLE(access_changer), ROLE(access_heir), ROLE(access_giver), ROLE(access_child), ROLE(access_parent),
    ROLE(access_listener), ROLE(access_mapper),
};
const uint32_t access_role_count = COUNT(access_roles);
