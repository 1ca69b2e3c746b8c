/* Pages of boot modules: programs that are started from them have them in common, messages share them, and nobody can write there. */
#include <ternion/memory.h>
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/syscall.h>
#include <ternion/system.h>

#include "elf.h"
#include "files.h"
#include "module_image.h"
#include "peer.h"

#define MODULE "vfs.elf"
#define SPAWNS 4

/* Pages of segments that are only read. */
static uint32_t pages_in_common(const uint8_t *bytes)
{
    const struct elf_header *header = (const struct elf_header *)bytes;
    const struct elf_program_header *segment = (const struct elf_program_header *)(bytes + header->program_headers_offset);
    uint32_t count = 0;

    for (uint32_t i = 0; i < header->program_header_count; i++, segment++) {
        if (segment->type == ELF_SEGMENT_LOAD && (segment->flags & ELF_WRITE) == 0) {
            EXPECT_EQUAL(segment->memory_size, segment->file_size);
            count += PAGES(segment->offset + segment->file_size) - segment->offset / PAGE_SIZE;
        }
    }
    return count;
}

static uint32_t frames_at_start(const uint8_t *bytes, uint32_t size)
{
    struct spawn spawn = { .class = CLASS_APPLICATION, .flags = SPAWN_WATCH, .name = "text", .name_size = 4, .image = bytes, .image_size = size };
    struct process_information information;
    elf_reason_t reason;
    process_id_t id;

    EXPECT_OK(process_spawn(&spawn, &id, &reason));
    EXPECT_OK(process_information(id, &information));
    EXPECT_OK(process_terminate(id, 0));
    (void)test_wait_exit(id);
    return information.frames;
}

/*
 * The frames of a process that has not run yet. It is of a lower class; but a class that has starved has a tick now and then, and one
 * that has run has more frames: the least of a few counts.
 */
static uint32_t frames_of(const uint8_t *bytes, uint32_t size)
{
    uint32_t least = UINT32_MAX;

    for (uint32_t i = 0; i < SPAWNS; i++) {
        uint32_t frames = frames_at_start(bytes, size);

        least = frames < least ? frames : least;
    }
    return least;
}

static void text_of_modules_is_not_copied(void)
{
    uint32_t size, address;
    const uint8_t *bytes = module_map_named(MODULE, &size);
    uint32_t common = pages_in_common(bytes);

    EXPECT(common > 10);
    EXPECT_OK(memory_allocate(PAGES(size), 0, &address));
    memcpy((void *)address, bytes, size);
    EXPECT_EQUAL(common, frames_of((const uint8_t *)address, size) - frames_of(bytes, size));
    EXPECT_OK(memory_free(address, PAGES(size)));
}

static void text_of_modules_does_not_become_writable(void)
{
    uint32_t size;
    uint32_t address = (uint32_t)module_map_named(MODULE, &size);

    EXPECT_EQUAL(BAD_ARGUMENT, memory_protect(address, 1, 0));
    EXPECT_OK(memory_free(address, PAGES(size)));
}

/* ---- Messages ---- */

#define OWN_WORD 0x12345678U

static uint32_t frames_of_self(void)
{
    struct process_information information;

    EXPECT_OK(process_information(SELF, &information));
    return information.frames;
}

/* Takes the pages of every call, looks at them, and answers with their first words, how many frames they were, and what can be done with them. */
static void module_page_taker(int argc, char **argv)
{
    struct event event;
    (void)argc;
    (void)argv;

    for (;;) {
        uint32_t before = frames_of_self();
        uint32_t address;

        test_wait_event(&event, EVENT_MESSAGE);
        if (event.words[0] == PEER_QUIT) {
            return;
        }
        EXPECT_OK(message_take_pages(event.id, &address));
        const uint32_t *first = (const uint32_t *)address;
        const uint32_t *last = (const uint32_t *)(address + (event.page_count - 1) * PAGE_SIZE);
        struct message answer = { .words = { *first, *last, frames_of_self() - before } };
        EXPECT_STATUS(BAD_ADDRESS, system_random((void *)address, 4));
        EXPECT_STATUS(BAD_ARGUMENT, memory_protect(address, 1, 0));
        EXPECT_OK(memory_free(address, event.page_count));
        EXPECT_EQUAL(before, frames_of_self());
        EXPECT_OK(message_reply(event.id, &answer));
    }
}

static void expect_shared(process_id_t taker, uint32_t address, uint32_t pages, uint32_t last_word, uint32_t frames)
{
    struct message message = { .pages = (void *)address, .page_count = pages, .page_flags = PAGES_SHARE };
    struct reply reply = { 0 };

    EXPECT_OK(message_call(taker, &message, &reply));
    EXPECT_EQUAL(*(const uint32_t *)address, reply.words[0]);
    EXPECT_EQUAL(last_word, reply.words[1]);
    EXPECT_EQUAL(frames, reply.words[2]);
}

static void pages_of_modules_are_shared_without_a_copy(void)
{
    process_id_t taker = peer_start(CLASS_APPLICATION, "module_page_taker");
    uint32_t size, own;
    const uint8_t *bytes = module_map_named(MODULE, &size);
    uint32_t pages = PAGES(size);
    const uint32_t *last_page = (const uint32_t *)(bytes + (pages - 1) * PAGE_SIZE);

    expect_shared(taker, (uint32_t)bytes, 1, *(const uint32_t *)bytes, 0);
    expect_shared(taker, (uint32_t)bytes, pages, *last_page, 0);
    /* Beside one's own, which count. */
    EXPECT_OK(memory_allocate(1, 0, &own));
    EXPECT_EQUAL((uint32_t)bytes + pages * PAGE_SIZE, own);
    *(uint32_t *)own = OWN_WORD;
    expect_shared(taker, (uint32_t)bytes, pages + 1, OWN_WORD, 1);
    EXPECT_OK(memory_free((uint32_t)bytes, pages + 1));
    peer_quit(taker);
}

const struct test module_text_tests[] = {
    TEST(CLASS_DRIVER, text_of_modules_is_not_copied),
    TEST(CLASS_DRIVER, text_of_modules_does_not_become_writable),
    TEST(CLASS_SERVER, pages_of_modules_are_shared_without_a_copy),
};
const uint32_t module_text_test_count = COUNT(module_text_tests);
const struct role module_text_roles[] = {
    ROLE(module_page_taker),
};
const uint32_t module_text_role_count = COUNT(module_text_roles);
