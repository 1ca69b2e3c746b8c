/*
 * Ports as a grant says: open to the processor itself, or not performed, in all widths and by all instructions. Those that are open
 * are such as nothing is at; a strike tells the difference.
 */
#include <abi/trace.h>
#include <ternion/memory.h>
#include <ternion/port.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "call_state.h"
#include "dice.h"
#include "files.h"
#include "peer.h"
#include "port_strings.h"

#define OPEN 0x8000U             /* ports of the grant */
#define OPEN_LAST 0x80FFU
#define NEXT 0x8100U             /* the range that follows it */
#define NEXT_LAST 0x8107U
#define LONE 0x9FFFU             /* and one alone */
#define SHUT 0x8200U             /* outside it */
#define PORTS 0x10000U
#define STRIKES_ENOUGH 1000000U
#define PAGE_FAULT_EXIT (EXIT_FAULT | 14U)
#define PROTECTION_EXIT (EXIT_FAULT | 13U)

static const struct access grant = {
    .partners = PARTNERS_ALL, .strikes = STRIKES_ENOUGH, .ports = { { OPEN, OPEN_LAST }, { LONE, LONE }, { NEXT, NEXT_LAST } },
};

static bool is_open(uint32_t port)
{
    return (port >= OPEN && port <= NEXT_LAST) || port == LONE;
}

static uint32_t strikes(void)
{
    struct process_information information;

    EXPECT_OK(process_information(SELF, &information));
    return information.strikes;
}

static void run_with(const struct access *access, const char *role, uint32_t expected)
{
    process_id_t id;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, access, role, &id, NULL));
    EXPECT_EQUAL(expected, test_wait_exit(id));
}

/* ---- Every port ---- */

/* Reads a port in one width. Unless all of it is open it must be ones, and a strike. */
static void try_port(uint32_t port, uint32_t width)
{
    uint32_t before = strikes();
    uint32_t value = width == 1 ? port_read8((uint16_t)port) : width == 2 ? port_read16((uint16_t)port) : port_read32((uint16_t)port);
    bool open = true;

    for (uint32_t i = 0; i < width; i++) {
        open &= is_open(port + i);
    }
    bool ones = value == (width == 1 ? 0xFF : width == 2 ? 0xFFFF : 0xFFFFFFFF);
    if ((!open && !ones) || strikes() != before + !open) {
        EXPECT_NOT("port 0x%x, %u bytes: 0x%x, %u strikes", port, width, value, strikes() - before);
    }
}

static void try_widths(uint32_t port)
{
    for (uint32_t width = 1; width <= 4; width *= 2) {
        try_port(port % PORTS, width);
    }
}

/* The edges of what is open, of each power of two, of the map's pages, and others at random. */
static void port_grants_sampler(int argc, char **argv)
{
    static const uint32_t edges[] = { OPEN, OPEN_LAST + 1, NEXT, NEXT_LAST + 1, LONE, LONE + 1, 0, PORTS };
    struct dice dice = dice_take(65536);
    (void)argc;
    (void)argv;

    for (uint32_t i = 0; i < COUNT(edges); i++) {
        for (uint32_t at = edges[i] - 5; at != edges[i] + 5; at++) {
            try_widths(at);
        }
    }
    for (uint32_t bit = 1; bit < PORTS; bit <<= 1) {
        try_widths(bit);
        try_widths(bit - 1);
    }
    for (uint32_t i = 0; i < 100; i++) {
        try_widths(dice_throw(&dice, PORTS));
    }
    for (uint32_t port = OPEN; port <= NEXT_LAST + 2; port++) {
        try_widths(port);
    }
}

static void ports_of_a_grant_are_open_and_no_others(void)
{
    run_with(&grant, "port_grants_sampler", 0);
}

static void port_grants_counter(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    for (uint32_t port = 0; port < PORTS; port++) {
        try_widths(port);
    }
}

static void every_port_in_every_width_is_as_the_grant_says(void)
{
    run_with(&grant, "port_grants_counter", 0);
}

/* ---- What two rights open ---- */

static const struct {
    uint16_t first, last;
    uint32_t right;
} reserved[] = {
    { 0x08, 0x08, RIGHT_DMA_CONTROLLER }, { 0x81, 0x8F, RIGHT_DMA_CONTROLLER }, { 0xD0, 0xD0, RIGHT_DMA_CONTROLLER },
    { 0xCF8, 0xCFB, RIGHT_PCI },
};

/* Argument: its rights. What they do not open is closed, whatever its ranges say; writes are not tried. */
static void port_grants_controller(int argc, char **argv)
{
    uint32_t rights = test_number(argv[argc - 1]);

    for (uint32_t i = 0; i < COUNT(reserved); i++) {
        for (uint32_t port = reserved[i].first; port <= reserved[i].last; port++) {
            uint32_t before = strikes();

            (void)port_read8((uint16_t)port);
            EXPECT_EQUAL(before + ((rights & reserved[i].right) == 0), strikes());
        }
    }
    static const uint16_t nobodys[] = { 0x20, 0x21, 0x40, 0x43, 0x92, 0xA0, 0xA1, 0xB2, 0xB3, 0x4D0, 0x4D1 };
    for (uint32_t i = 0; i < COUNT(nobodys); i++) {
        uint32_t before = strikes();

        EXPECT_EQUAL(0xFF, port_read8(nobodys[i]));
        EXPECT_EQUAL(before + 1, strikes());
    }
}

static void reserved_ports_are_open_by_their_right_alone(void)
{
    static const uint32_t rights[] = { 0, RIGHT_PCI, RIGHT_DMA_CONTROLLER, RIGHT_PCI | RIGHT_DMA_CONTROLLER, RIGHTS_ALL };

    for (uint32_t i = 0; i < COUNT(rights); i++) {
        struct access access = { .partners = PARTNERS_ALL, .rights = rights[i], .strikes = STRIKES_ENOUGH, .ports = { { 0, 0xFFFF } } };
        process_id_t id;

        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "port_grants_controller", &id, test_digits(rights[i]).text, NULL));
        EXPECT_EQUAL(0, test_wait_exit(id));
    }
}

/* ---- Strings ---- */

#define MARGIN 64U
#define STRING_MAX 1500U         /* more than the kernel does in one trap */

static uint8_t code[8];
static uint8_t *buffer;          /* STRING_MAX * 4 bytes and margins, somewhere across pages */

static const struct form {
    uint8_t code[4];
    uint8_t size;                /* bytes of code */
    uint8_t width;
    bool is_read;
    bool is_repeated;
} forms[] = {
    { { 0x6C }, 1, 1, true, false }, { { 0x66, 0x6D }, 2, 2, true, false }, { { 0x6D }, 1, 4, true, false },
    { { 0xF3, 0x6C }, 2, 1, true, true }, { { 0xF3, 0x66, 0x6D }, 3, 2, true, true }, { { 0x66, 0xF3, 0x6D }, 3, 2, true, true },
    { { 0xF3, 0x6D }, 2, 4, true, true },
    { { 0x6E }, 1, 1, false, false }, { { 0x66, 0x6F }, 2, 2, false, false }, { { 0x6F }, 1, 4, false, false },
    { { 0xF3, 0x6E }, 2, 1, false, true }, { { 0xF3, 0x66, 0x6F }, 3, 2, false, true }, { { 0xF3, 0x6F }, 2, 4, false, true },
    { { 0x3E, 0x6E }, 2, 1, false, false }, { { 0x26, 0xF3, 0x6E }, 3, 1, false, true }, { { 0x2E, 0x66, 0x6F }, 3, 2, false, false },
    { { 0xF3, 0x36, 0x6F }, 3, 4, false, true },
};

static void form_run(const struct form *form, struct port_string *string)
{
    memset(code, 0xC3, sizeof code);
    memcpy(code, form->code, form->size);
    port_string_run(code, string);
}

/* One form at one port: memory, registers and strikes are as they should be. */
static void try_string(const struct form *form, uint32_t port, uint32_t count, bool backwards)
{
    uint32_t elements = form->is_repeated ? count : 1, bytes = elements * form->width, before = strikes();
    uint8_t *begin = buffer + MARGIN;
    uint32_t first = (uint32_t)begin + (backwards && bytes > 0 ? bytes - form->width : 0);
    uint32_t last = backwards ? first - bytes : first + bytes;
    struct port_string string = { .edi = first, .esi = first, .ecx = count, .port = port, .backwards = backwards };

    memset(buffer, 0x11, 2 * MARGIN + bytes);
    form_run(form, &string);
    EXPECT_EQUAL(form->is_read ? last : first, string.edi);
    EXPECT_EQUAL(form->is_read ? first : last, string.esi);
    EXPECT_EQUAL(form->is_repeated ? 0 : count, string.ecx);
    EXPECT_EQUAL(before + (!is_open(port) && elements > 0), strikes());
    for (uint32_t i = 0; i < 2 * MARGIN + bytes; i++) {
        bool inside = form->is_read && i >= MARGIN && i < MARGIN + bytes;

        if (buffer[i] != (inside ? 0xFF : 0x11)) {
            EXPECT_NOT("form %u, %u at port 0x%x: byte %u is 0x%x", (uint32_t)(form - forms), count, port, i, buffer[i]);
        }
    }
}

static void port_grants_strings(int argc, char **argv)
{
    static const uint32_t counts[] = { 0, 1, 2, 3, 511, 512, 513, STRING_MAX };
    static const uint32_t ports[] = { OPEN, SHUT };
    uint32_t address;
    struct event event;
    (void)argv;

    EXPECT_OK(memory_allocate(4, 0, &address));
    buffer = (uint8_t *)address + PAGE_SIZE - MARGIN - 130;
    if (argc > 1) {
        test_wait_event(&event, EVENT_MESSAGE);      /* it is traced from here on */
    }
    for (uint32_t i = 0; i < COUNT(forms); i++) {
        for (uint32_t k = 0; k < COUNT(counts); k++) {
            for (uint32_t at = 0; at < COUNT(ports); at++) {
                try_string(&forms[i], ports[at], counts[k], (k + at) % 2 != 0);
            }
        }
    }
}

static void strings_at_ports_are_done_as_the_processor_does_them_or_refused_as_one(void)
{
    run_with(&grant, "port_grants_strings", 0);
}

/* With the map closed for the trace the kernel does the same. */
static void traced_strings_are_done_the_same_way(void)
{
    process_id_t id;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &grant, "port_grants_strings", &id, "traced", NULL));
    clock_sleep(A_MOMENT_NS);
    EXPECT_OK(trace_set(id, TRACE_PORTS));
    peer_tell(id, 1, 0);
    struct event event;
    do {
        EXPECT_OK(event_wait(&event, clock_after(5 * SECOND)));
    } while (event.kind != EVENT_PROCESS_EXITED);
    EXPECT_EQUAL(0, event.count);
}

/* ---- Memory that is bad ---- */

/* Reads or writes a string that runs into memory that is not there, or read-only. Arguments: form, port, where. */
static void port_grants_stumbler(int argc, char **argv)
{
    const struct form *form = &forms[test_number(argv[1])];
    uint32_t address, port = test_number(argv[2]);
    struct message message = { .words = { 0 } };
    (void)argc;

    EXPECT_OK(memory_allocate(3, 0, &address));
    EXPECT_OK(argv[3][0] == 'r' ? memory_protect(address + PAGE_SIZE, 1, MEMORY_READ_ONLY) : memory_free(address + PAGE_SIZE, 1));
    struct port_string string = { .edi = address + PAGE_SIZE - 10, .esi = address + PAGE_SIZE - 10, .ecx = 100, .port = port };
    message.words[0] = address;
    EXPECT_OK(message_send(process_page()->parent, &message));
    form_run(form, &string);
    EXPECT_NOT("it went on at 0x%x", string.edi);
}

/* It ends by a page fault at the page, whoever does the access: the processor, or the kernel for it. */
static void expect_stumbles(uint32_t form, uint32_t port, const char *what, bool traced)
{
    process_id_t id;
    struct event event;

    for (;;) {
        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &grant, "port_grants_stumbler", &id, test_digits(form).text, test_digits(port).text, what, NULL));
        if (!traced || trace_set(id, TRACE_PORTS | TRACE_FAULTS) == OK) {
            break;
        }
        do {                     /* it was faster */
            EXPECT_OK(event_wait(&event, clock_after(5 * SECOND)));
        } while (event.kind != EVENT_PROCESS_EXITED);
    }
    bool ended = false;
    uint32_t page = 0;
    while (!ended) {
        EXPECT_OK(event_wait(&event, clock_after(5 * SECOND)));
        page = event.kind == EVENT_MESSAGE ? event.words[0] + PAGE_SIZE : page;
        ended = event.kind == EVENT_PROCESS_EXITED;
    }
    EXPECT_EQUAL(PAGE_FAULT_EXIT, event.count);
    static struct trace_record records[64];
    uint32_t count;
    while (traced && trace_read(records, sizeof records, &count) == OK) {
        for (uint32_t i = 0; i < count; i++) {
            EXPECT(records[i].kind != TRACE_FAULT || records[i].values[1] == page);
        }
    }
}

static void string_that_runs_into_bad_memory_is_a_page_fault(void)
{
    for (uint32_t traced = 0; traced < 2; traced++) {
        expect_stumbles(3, OPEN, "hole", traced);
        expect_stumbles(3, OPEN, "read-only", traced);
        expect_stumbles(10, OPEN, "hole", traced);
        expect_stumbles(3, SHUT, "hole", traced);
        expect_stumbles(3, SHUT, "read-only", traced);
        expect_stumbles(10, SHUT, "hole", traced);
    }
}

/* Instructions that are not understood end the driver: none slips through. */
static void port_grants_odd(int argc, char **argv)
{
    static const uint8_t odd[][6] = {
        { 0x67, 0x6C, 0xC3 },                /* 16-bit address */
        { 0xF0, 0xEC, 0xC3 },                /* LOCK: invalid in itself */
        { 0x64, 0x6E, 0xC3 },                /* in a segment of nothing */
    };
    struct port_string string = { .edi = (uint32_t)code, .esi = (uint32_t)code, .ecx = 1, .port = SHUT };

    memcpy(code, odd[test_number(argv[argc - 1])], sizeof odd[0]);
    port_string_run(code, &string);
}

static void odd_instructions_end_the_driver(void)
{
    for (uint32_t i = 0; i < 3; i++) {
        process_id_t id;

        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &grant, "port_grants_odd", &id, test_digits(i).text, NULL));
        uint32_t code_of_end = test_wait_exit(id);
        EXPECT(code_of_end == PROTECTION_EXIT || (i == 1 && code_of_end == (EXIT_FAULT | 6)));
    }
}

/* ---- Who runs after whom ---- */

/* Reads an open port at each call, and answers with its strikes. */
static void port_grants_server(int argc, char **argv)
{
    struct words words = { { 0 } };
    message_id_t call = 0;
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        call = message_reply_wait_words(call, &words, &event);
        if (call == 0) {
            return;
        }
        (void)port_read8(OPEN);
        words.word[0] = strikes();
    }
}

/* Calls a server whose map is another; what each finds open is its own all the time. Arguments: the server, has it ports, has he. */
static void port_grants_client(int argc, char **argv)
{
    process_id_t server = test_number(argv[1]);
    uint32_t server_strikes = argv[2][0] == 'p' ? 0 : 1, own_strikes = argv[3][0] == 'p' ? 0 : 1;
    (void)argc;

    for (uint32_t i = 1; i <= 20; i++) {
        struct words words = { { 0 } };

        (void)port_read8(OPEN);
        EXPECT_EQUAL(i * own_strikes, strikes());
        EXPECT_OK(message_call_words(server, &words));
        EXPECT_EQUAL(i * server_strikes, words.word[0]);
    }
}

static void maps_go_with_the_processes_in_direct_switches(void)
{
    static const char *const names[] = { "ports", "nothing" };
    const struct access none = { .partners = PARTNERS_ALL, .strikes = STRIKES_ENOUGH };

    for (uint32_t i = 0; i < 4; i++) {
        process_id_t server, client;

        EXPECT_OK(test_spawn_with(CLASS_DRIVER, i / 2 == 0 ? &grant : &none, "port_grants_server", &server, NULL));
        clock_sleep(A_MOMENT_NS);
        EXPECT_OK(test_spawn_with(CLASS_DRIVER, i % 2 == 0 ? &grant : &none, "port_grants_client", &client, test_digits(server).text,
                                  names[i / 2], names[i % 2], NULL));
        EXPECT_EQUAL(0, test_wait_exit(client));
        peer_quit(server);
    }
}

const struct test port_grants_tests[] = {
    TEST(CLASS_DRIVER, ports_of_a_grant_are_open_and_no_others),
    TEST_SOAK(100, CLASS_DRIVER, every_port_in_every_width_is_as_the_grant_says),
    TEST_WITH_RIGHTS(RIGHTS_ALL, CLASS_DRIVER, reserved_ports_are_open_by_their_right_alone),
    TEST(CLASS_DRIVER, strings_at_ports_are_done_as_the_processor_does_them_or_refused_as_one),
    TEST(CLASS_DRIVER, traced_strings_are_done_the_same_way),
    TEST(CLASS_DRIVER, string_that_runs_into_bad_memory_is_a_page_fault),
    TEST(CLASS_DRIVER, odd_instructions_end_the_driver),
    TEST(CLASS_DRIVER, maps_go_with_the_processes_in_direct_switches),
};
const uint32_t port_grants_test_count = COUNT(port_grants_tests);
const struct role port_grants_roles[] = {
    ROLE(port_grants_sampler), ROLE(port_grants_counter), ROLE(port_grants_controller), ROLE(port_grants_strings),
    ROLE(port_grants_stumbler), ROLE(port_grants_odd), ROLE(port_grants_server), ROLE(port_grants_client),
};
const uint32_t port_grants_role_count = COUNT(port_grants_roles);
