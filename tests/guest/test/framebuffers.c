/* Shared memory of physical memory: whoever made it can take it back, and does so by dying. And what the kernel is told of screens. */
#include <abi/panic_screen.h>
#include <ternion/process.h>
#include <ternion/system.h>
#include <ternion/string.h>

#include "files.h"
#include "puppet.h"

#define VIDEO 0xB8000U
#define PAGES 2U
#define SPACE 0x07200720U        /* two blank cells of the text screen */
#define OTHER 0x07410742U

static uint32_t join(process_id_t puppet, const struct shared_handle *handle, object_key_t key, uint32_t flags)
{
    return puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_SHARED_JOIN, .id = handle->id, .key = key, .flags = flags });
}

static void expect_peek(process_id_t puppet, uint32_t address, uint32_t value)
{
    EXPECT_EQUAL(value, puppet_expect(puppet, OK, (struct order){ .operation = PUPPET_PEEK, .address = address }));
}

/* Memory of the adapter that no text is in: 4 KB behind the screen's first page. */
static struct shared_handle video_new(void)
{
    struct shared_handle handle;

    EXPECT_OK(shared_physical(VIDEO + 0x2000, PAGES, PHYSICAL_WRITE_COMBINING, &handle));
    return handle;
}

static void clients_write_to_the_framebuffer_itself(void)
{
    struct shared_handle handle = video_new();
    process_id_t client = puppet_start(CLASS_APPLICATION);
    uint32_t mine;

    EXPECT_OK(physical_map(VIDEO + 0x2000, PAGES, 0, &mine));
    uint32_t address = join(client, &handle, handle.key, 0);
    (void)puppet_expect(client, OK, (struct order){ .operation = PUPPET_POKE, .address = address + 4, .size = OTHER });
    EXPECT_EQUAL(OTHER, *(volatile uint32_t *)(mine + 4));
    EXPECT_EQUAL(OTHER, *(volatile uint32_t *)(handle.address + 4));
    *(volatile uint32_t *)(mine + 4) = SPACE;
    expect_peek(client, address + 4, SPACE);
    puppet_exit(client, 0);
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(client));
}

/* It goes on writing, to nobody's harm. */
static void framebuffer_taken_back_becomes_the_clients_own_memory(void)
{
    struct shared_handle handle = video_new();
    process_id_t client = puppet_start(CLASS_APPLICATION);
    uint32_t mine;

    EXPECT_OK(physical_map(VIDEO + 0x2000, PAGES, 0, &mine));
    uint32_t address = join(client, &handle, handle.key, 0);
    *(volatile uint32_t *)mine = SPACE;
    expect_peek(client, address, SPACE);
    EXPECT_OK(shared_leave(handle.id));
    puppet_expect_events(client, EVENT_SHARED_RELEASED, 1, 1);
    expect_peek(client, address, 0);
    (void)puppet_expect(client, OK, (struct order){ .operation = PUPPET_POKE, .address = address, .size = OTHER });
    expect_peek(client, address, OTHER);
    EXPECT_EQUAL(SPACE, *(volatile uint32_t *)mine);
    (void)puppet_expect(client, OK, (struct order){ .operation = PUPPET_SHARED_LEAVE, .id = handle.id });
    expect_peek(client, address, OTHER);
    (void)puppet_expect(client, OK, (struct order){ .operation = PUPPET_FREE, .address = address, .size = PAGES });
    puppet_end(client);
}

static void framebuffer_taken_back_cannot_be_joined(void)
{
    struct shared_handle handle = video_new();
    process_id_t client = puppet_start(CLASS_APPLICATION);
    process_id_t late = puppet_start(CLASS_APPLICATION);

    (void)join(client, &handle, handle.key, 0);
    EXPECT_OK(shared_leave(handle.id));
    (void)puppet_expect(late, BAD_ID, (struct order){ .operation = PUPPET_SHARED_JOIN, .id = handle.id, .key = handle.key });
    puppet_end(client);
    puppet_end(late);
}

/* Makes a framebuffer and sends what it takes to join. Argument: to whom. */
static void framebuffers_maker(int argc, char **argv)
{
    struct shared_handle handle = video_new();
    struct message message = { .words = { handle.id, (uint32_t)handle.key, (uint32_t)(handle.key >> 32) } };
    struct event event;
    (void)argc;

    EXPECT_OK(message_send(test_number(argv[1]), &message));
    test_wait_event(&event, EVENT_MESSAGE);
}

static void makers_death_takes_the_framebuffer_back(void)
{
    struct test_ledger before;
    process_id_t maker, client;
    struct event event;

    test_ledger_take(&before);
    EXPECT_OK(test_spawn(CLASS_DRIVER, "framebuffers_maker", &maker, test_digits(process_page()->id).text, NULL));
    client = puppet_start(CLASS_APPLICATION);
    test_wait_event(&event, EVENT_MESSAGE);
    struct shared_handle handle = { .id = event.words[0], .key = event.words[1] | (object_key_t)event.words[2] << 32 };
    uint32_t address = join(client, &handle, handle.key, 0);
    (void)puppet_expect(client, OK, (struct order){ .operation = PUPPET_POKE, .address = address, .size = SPACE });
    EXPECT_OK(process_terminate(maker, 0));
    EXPECT_EQUAL(EXIT_TERMINATED, test_wait_exit(maker));
    expect_peek(client, address, 0);
    puppet_end(client);
    test_ledger_expect_same(&before);
}

static void who_may_only_look_at_a_framebuffer_cannot_write(void)
{
    struct shared_handle handle = video_new();
    process_id_t viewer = puppet_start(CLASS_APPLICATION);
    uint32_t address = join(viewer, &handle, handle.read_only_key, 0);

    (void)puppet_expect(viewer, BAD_ARGUMENT, (struct order){ .operation = PUPPET_PROTECT, .address = address, .size = 1 });
    puppet_begin(viewer, (struct order){ .operation = PUPPET_POKE, .address = address, .size = OTHER });
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(EXIT_FAULT | 14, test_wait_exit(viewer));
}

/* Calls with its reply, and then its words, in a framebuffer. Arguments: whom; the framebuffer's ID and key. */
static void framebuffers_caller(int argc, char **argv)
{
    static uint8_t page[PAGE_SIZE];
    object_key_t key = test_number(argv[3]) | (object_key_t)test_number(argv[4]) << 32;
    process_id_t server = test_number(argv[1]);
    struct message message = { .words = { 1 } };
    struct reply reply = { 0 };
    uint32_t address, pages;
    (void)argc;

    EXPECT_OK(shared_join(test_number(argv[2]), key, 0, &address, &pages));
    EXPECT_STATUS(BAD_ADDRESS, message_call(server, &message, (struct reply *)address));
    reply.buffer = (void *)address;
    reply.buffer_size = PAGE_SIZE;
    EXPECT_STATUS(BAD_ADDRESS, message_call(server, &message, &reply));
    message.string = (const void *)address;
    message.string_size = PAGE_SIZE;
    reply.buffer = page;
    reply.buffer_size = sizeof page;
    (void)message_call(server, &message, &reply);
}

/* The kernel has no view of it: what goes from process to process does not go there. */
static void kernel_copies_nothing_to_or_from_framebuffers_of_others(void)
{
    static uint8_t string[PAGE_SIZE], received[PAGE_SIZE];
    struct shared_handle handle = video_new();
    struct message answer = { .string = string, .string_size = sizeof string };
    process_id_t caller;
    struct event event;

    EXPECT_OK(test_spawn(CLASS_APPLICATION, "framebuffers_caller", &caller, test_digits(process_page()->id).text, test_digits(handle.id).text,
                         test_digits((uint32_t)handle.key).text, test_digits((uint32_t)(handle.key >> 32)).text, NULL));
    for (uint32_t i = 0; i < 2; i++) {
        test_wait_event(&event, EVENT_MESSAGE);
        (void)message_reply(event.id, &answer);
    }
    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT(message_receive(event.id, received, sizeof received) != OK);
    (void)message_reply(event.id, &answer);
    event_expect(EVENT_SHARED_RELEASED, handle.id, 1);
    EXPECT_EQUAL(0, test_wait_exit(caller));
}

static void physical_memory_that_may_not_be_mapped_may_not_be_shared(void)
{
    struct shared_handle handle;
    struct system_statistics before, after;

    EXPECT_OK(system_statistics(&before));
    EXPECT_STATUS(NOT_ALLOWED, shared_physical(0x100000, 1, 0, &handle));
    EXPECT_STATUS(NOT_ALLOWED, shared_physical(0, 1, 0, &handle));
    EXPECT_STATUS(NOT_ALLOWED, shared_physical(0xFF000, 2, 0, &handle));
    EXPECT_STATUS(BAD_ARGUMENT, shared_physical(VIDEO, 0, 0, &handle));
    EXPECT_STATUS(BAD_ARGUMENT, shared_physical(VIDEO + 1, 1, 0, &handle));
    EXPECT_STATUS(BAD_ARGUMENT, shared_physical(0xFFFFF000, 2, 0, &handle));
    EXPECT_STATUS(BAD_ARGUMENT, shared_physical(0xE0000000, SHARED_PAGES_MAX + 1, 0, &handle));
    EXPECT_STATUS(BAD_ARGUMENT, shared_physical(VIDEO, 1, 8, &handle));
    EXPECT_STATUS(BAD_ARGUMENT, shared_physical(VIDEO, 1, PHYSICAL_UNCACHED | PHYSICAL_WRITE_COMBINING, &handle));
    EXPECT_OK(system_statistics(&after));
    EXPECT_EQUAL(before.objects, after.objects);
}

/* ---- Screens for panics ---- */

static struct panic_screen screen __attribute__((aligned(PAGE_SIZE)));

static void screen_describe(void)
{
    screen.window = 0xA0000;
    screen.window_bytes = 0x10000;
    screen.pitch = 320;
    screen.width = 320;
    screen.height = 200;
    screen.bytes = 1;
    screen.font_height = 8;
}

static void screens_that_cannot_be_are_refused(void)
{
    static const struct { uint32_t offset, size, value; status_t status; } bad[] = {
        { offsetof(struct panic_screen, window), 4, 0x100000, NOT_ALLOWED },
        { offsetof(struct panic_screen, window), 4, 0xFFFFF000, BAD_ARGUMENT },
        { offsetof(struct panic_screen, window_bytes), 4, 0, BAD_ARGUMENT },
        { offsetof(struct panic_screen, window_bytes), 4, 0x60001, NOT_ALLOWED },
        { offsetof(struct panic_screen, pitch), 4, 319, BAD_ARGUMENT },
        { offsetof(struct panic_screen, pitch), 4, 0xFFFFFFFF, BAD_ARGUMENT },
        { offsetof(struct panic_screen, width), 2, 0xFFFF, BAD_ARGUMENT },
        { offsetof(struct panic_screen, height), 2, 0xFFFF, BAD_ARGUMENT },
        { offsetof(struct panic_screen, bytes), 2, 5, BAD_ARGUMENT },
        { offsetof(struct panic_screen, font_height), 2, 7, BAD_ARGUMENT },
        { offsetof(struct panic_screen, font_height), 2, 17, BAD_ARGUMENT },
    };

    for (uint32_t i = 0; i < COUNT(bad); i++) {
        screen_describe();
        memcpy((uint8_t *)&screen + bad[i].offset, &bad[i].value, bad[i].size);
        EXPECT_STATUS(bad[i].status, panic_screen((uint32_t)&screen));
    }
    screen_describe();
    EXPECT_OK(panic_screen((uint32_t)&screen));
    EXPECT_STATUS(BAD_ARGUMENT, panic_screen((uint32_t)&screen + 4));
    EXPECT_STATUS(BAD_ADDRESS, panic_screen(0x1000));
    EXPECT_STATUS(BAD_ADDRESS, panic_screen(0xFFFFF000));
    EXPECT_OK(panic_screen(0));
}

static void framebuffers_describer(int argc, char **argv)
{
    (void)argc;
    screen_describe();
    EXPECT_EQUAL(test_number(argv[1]), panic_screen((uint32_t)&screen));
}

static void one_display_driver_at_a_time_describes_the_screen(void)
{
    struct access display = test_access, other = test_access;
    process_id_t process;

    display.role = ROLE_DISPLAY;
    other.rights &= ~RIGHT_ASSIGN_ROLES;
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &other, "framebuffers_describer", &process, test_digits(NOT_ALLOWED).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(process));
    screen_describe();
    EXPECT_OK(panic_screen((uint32_t)&screen));
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &display, "framebuffers_describer", &process, test_digits(BUSY).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(process));
    EXPECT_OK(panic_screen(0));
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &display, "framebuffers_describer", &process, test_digits(OK).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(process));
    EXPECT_OK(panic_screen((uint32_t)&screen));          /* it has gone with its process */
    EXPECT_OK(panic_screen(0));
}

const struct test framebuffers_tests[] = {
    TEST(CLASS_DRIVER, clients_write_to_the_framebuffer_itself),
    TEST(CLASS_DRIVER, framebuffer_taken_back_becomes_the_clients_own_memory),
    TEST(CLASS_DRIVER, framebuffer_taken_back_cannot_be_joined),
    TEST(CLASS_DRIVER, makers_death_takes_the_framebuffer_back),
    TEST(CLASS_DRIVER, who_may_only_look_at_a_framebuffer_cannot_write),
    TEST(CLASS_DRIVER, kernel_copies_nothing_to_or_from_framebuffers_of_others),
    TEST(CLASS_DRIVER, physical_memory_that_may_not_be_mapped_may_not_be_shared),
    TEST(CLASS_DRIVER, screens_that_cannot_be_are_refused),
    TEST(CLASS_DRIVER, one_display_driver_at_a_time_describes_the_screen),
};
const uint32_t framebuffers_test_count = COUNT(framebuffers_tests);
const struct role framebuffers_roles[] = {
    ROLE(framebuffers_maker),
    ROLE(framebuffers_caller),
    ROLE(framebuffers_describer),
};
const uint32_t framebuffers_role_count = COUNT(framebuffers_roles);
