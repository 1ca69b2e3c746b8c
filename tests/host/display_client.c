/* The client of displays against drivers that say anything, die anywhere, and come back: whatever it believes must hold. */
#include <abi/process.h>
#include <ternion/display.h>

#include "test.h"

#define MEMORIES_MAX 16U
#define ROUNDS 4000
#define TURNS 40

void *malloc(size_t size);
void free(void *memory);
void *memcpy(void *restrict destination, const void *restrict source, size_t size);
void *memset(void *memory, int value, size_t size);
int memcmp(const void *left, const void *right, size_t size);

/* ---- Shared memory, as the kernel has it ---- */

static struct memory {
    shared_id_t id;
    uint8_t *pixels;                 /* NULL: the client has not joined, or has freed it */
    uint32_t pages;
    bool is_member;
} memories[MEMORIES_MAX];
static uint32_t memory_count;
static status_t join_status;

status_t shared_join(shared_id_t id, object_key_t key, uint32_t flags, uint32_t *address_out, uint32_t *pages_out);
status_t shared_leave(shared_id_t id);
status_t memory_free(uint32_t address, uint32_t pages);
status_t process_information(process_id_t id, struct process_information *information_out);

static struct memory *memory_of(shared_id_t id)
{
    for (uint32_t i = 0; i < memory_count; i++) {
        if (memories[i].id == id) {
            return &memories[i];
        }
    }
    return NULL;
}

status_t shared_join(shared_id_t id, object_key_t key, uint32_t flags, uint32_t *address_out, uint32_t *pages_out)
{
    struct memory *memory = memory_of(id);

    CHECK_EQUAL(flags, 0);
    if (memory == NULL || key != id * 3ULL) {
        return BAD_ID;
    }
    if (memory->is_member) {
        return EXISTS;
    }
    if (join_status != OK) {
        return join_status;
    }
    memory->pixels = malloc(memory->pages * PAGE_SIZE);
    memset(memory->pixels, 0, memory->pages * PAGE_SIZE);
    memory->is_member = true;
    *address_out = (uint32_t)memory->pixels;
    *pages_out = memory->pages;
    return OK;
}

status_t memory_free(uint32_t address, uint32_t pages)
{
    for (uint32_t i = 0; i < memory_count; i++) {
        if (memories[i].pixels == (uint8_t *)address && address != 0) {
            CHECK_EQUAL(pages, memories[i].pages);
            free(memories[i].pixels);
            memories[i].pixels = NULL;
            return OK;
        }
    }
    FAIL("memory is freed that is none");
}

status_t shared_leave(shared_id_t id)
{
    struct memory *memory = memory_of(id);

    CHECK(memory != NULL && memory->is_member);
    CHECK(memory->pixels == NULL);
    memory->is_member = false;
    return OK;
}

static uint32_t members(void)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < memory_count; i++) {
        CHECK_EQUAL(memories[i].is_member, memories[i].pixels != NULL);
        count += memories[i].is_member ? 1 : 0;
    }
    return count;
}

/* Memory that nobody has any more makes room. */
static struct memory *memory_new(uint32_t pages)
{
    static shared_id_t next = 100;
    struct memory *memory = NULL;

    for (uint32_t i = 0; i < memory_count && memory == NULL; i++) {
        memory = memories[i].is_member ? NULL : &memories[i];
    }
    if (memory == NULL) {
        CHECK(memory_count < MEMORIES_MAX);
        memory = &memories[memory_count++];
    }
    *memory = (struct memory){ .id = next++, .pages = pages };
    return memory;
}

/* ---- The driver ---- */

#define MODE_NUMBER 0x101U

static const struct display_mode good_mode = {
    .mode = MODE_NUMBER, .flags = DISPLAY_PALETTE | DISPLAY_START, .width = 40, .height = 30, .pitch = 48, .bits = 8, .bytes = 1, .lines = 60,
};

static struct {
    process_id_t process;            /* 0: dead, and nobody has come */
    bool has_mode;
    struct display_mode mode;        /* that it offers, and sets */
    uint32_t offered;                /* modes of its list; all are this one but for their numbers */
    uint32_t pages_missing;          /* of the memory that it gives */
    uint32_t colours[DISPLAY_COLOURS];
    uint32_t line;
    uint32_t flushed_lines;
    shared_id_t memory;
    bool keep;                       /* what the last set said */
    uint32_t excess;                 /* bytes that its list has too much */
    bool releases;
} driver;

static process_id_t next_process = 7;
static uint32_t dies_at;             /* with the request of this number, from 1 on; 0: with none */
static uint32_t wild;                /* one of so many answers is anything; 0: none */

static void driver_comes(void)
{
    driver.process = next_process++;
    driver.has_mode = false;
    driver.line = 0;
    driver.flushed_lines = 0;
    memset(driver.colours, 0xEE, sizeof driver.colours);
}

/* True: it dies now, and another one comes. */
static bool driver_dies(void)
{
    if (dies_at == 0 || --dies_at != 0) {
        return false;
    }
    driver_comes();
    return true;
}

static status_t serve_set(const struct display_call_set *request, struct display_call_set_reply *reply)
{
    if (request->mode != driver.mode.mode) {
        return BAD_ARGUMENT;
    }
    uint32_t pages = (driver.mode.pitch * (uint32_t)driver.mode.lines + PAGE_SIZE - 1) / PAGE_SIZE;
    struct memory *memory = memory_new(pages > driver.pages_missing && pages < 64 ? pages - driver.pages_missing : 1);
    driver.has_mode = true;
    driver.keep = (request->flags & DISPLAY_KEEP) != 0;
    driver.memory = memory->id;
    *reply = (struct display_call_set_reply){ .mode = driver.mode, .memory = memory->id, .key = memory->id * 3ULL };
    return OK;
}

static status_t serve_modes(const struct display_call_first *request, struct display_call_count *reply, struct payload *payload)
{
    struct display_mode *modes = payload->buffer;

    CHECK_EQUAL(payload->buffer_size, DISPLAY_MODES_PER_CALL * sizeof modes[0]);
    for (reply->count = 0; reply->count < DISPLAY_MODES_PER_CALL && request->first + reply->count < driver.offered; reply->count++) {
        modes[reply->count] = driver.mode;
    }
    payload->reply_string_size = reply->count * sizeof modes[0] + driver.excess;
    return OK;
}

static status_t serve_palette(const struct display_call_colours *request, const struct payload *payload)
{
    if (!driver.has_mode) {
        return NOT_ALLOWED;
    }
    CHECK_EQUAL(payload->string_size, request->count * 4U);
    CHECK(request->first + request->count <= DISPLAY_COLOURS);
    memcpy(driver.colours + request->first, payload->string, payload->string_size);
    return OK;
}

static status_t serve_words(uint32_t header, const uint32_t *words)
{
    const struct display_call_rectangle *rectangle = (const struct display_call_rectangle *)words;

    if (!driver.has_mode) {
        return NOT_ALLOWED;
    }
    if (header == display_call_show_shape.header) {
        driver.line = ((const struct display_call_line *)words)->line;
    } else if (header == display_call_flush_shape.header && rectangle->height > driver.flushed_lines) {
        driver.flushed_lines = rectangle->height;
    } else if (header == display_call_release_shape.header) {
        driver.has_mode = false;
    }
    return OK;
}

static status_t any_status(void)
{
    static const status_t statuses[] = { OK, BAD_ARGUMENT, BUSY, NOT_ALLOWED, NO_MEMORY, BAD_ID, PEER_DIED, DISCARDED, BAD_OPERATION, BAD_SIZE };

    return statuses[random_below(sizeof statuses / sizeof statuses[0])];
}

static bool is_wild(void)
{
    return wild != 0 && random_one_in(wild);
}

status_t driver_call_words(process_id_t process, struct words *words)
{
    if (process != driver.process) {
        return BAD_ID;
    }
    if (driver_dies()) {
        return PEER_DIED;
    }
    words->word[0] = is_wild() ? any_status() : serve_words(words->word[0], &words->word[1]);
    return OK;
}

status_t protocol_call_message(process_id_t process, const struct operation_shape *shape, const void *request, void *reply_out,
                               struct payload *payload)
{
    if (process != driver.process) {
        return BAD_ID;
    }
    if (driver_dies()) {
        return PEER_DIED;
    }
    status_t status = shape->header == display_call_set_shape.header ? serve_set(request, reply_out)
                    : shape->header == display_call_modes_shape.header ? serve_modes(request, reply_out, payload)
                    : shape->header == display_call_palette_shape.header ? serve_palette(request, payload) : BAD_OPERATION;
    if (is_wild() && status == OK && shape->reply_size != 0) {
        ((uint8_t *)reply_out)[random_below(shape->reply_size)] = (uint8_t)random_edgy();
    }
    return is_wild() ? any_status() : status;
}

status_t process_information(process_id_t id, struct process_information *information_out)
{
    (void)information_out;
    return id == driver.process ? OK : BAD_ID;
}

/* Patience for eight attempts; what device_client.c decides is tested beside it. */
static uint32_t attempts;

bool device_attempt(struct device *device, struct device_attempt *attempt)
{
    bool again = attempt->status == PEER_DIED || attempt->status == BAD_ID || attempt->status == DISCARDED;

    if (attempt->has_begun && (!again || ++attempts > 8)) {
        return false;
    }
    attempts = attempt->has_begun ? attempts : 0;
    attempt->has_begun = true;
    device->process = driver.process;
    device->number = 0;
    return true;
}

status_t device_open(struct device *device, const char *name, device_type_t type, nanoseconds_t deadline_ns)
{
    (void)name;
    (void)deadline_ns;
    *device = (struct device){ .type = type };
    return OK;
}

static void begin(struct display *display)
{
    driver.mode = good_mode;
    driver.offered = 1;
    driver.pages_missing = driver.excess = 0;
    driver_comes();
    dies_at = 0;
    wild = 0;
    join_status = OK;
    CHECK_EQUAL(display_open(display, NULL, 0), OK);
}

/* ---- Tests ---- */

static void draw(struct display *display)
{
    for (uint32_t i = 0; i < display->mode.pitch * display->mode.lines; i++) {
        display->pixels[i] = (uint8_t)(i * 7 + 1);
    }
}

static void check_drawn(const struct display *display)
{
    for (uint32_t y = 0; y < display->mode.lines; y++) {
        for (uint32_t x = 0; x < display->mode.width; x++) {
            CHECK_EQUAL(display->pixels[y * display->mode.pitch + x], (uint8_t)((y * display->mode.pitch + x) * 7 + 1));
        }
    }
}

static void set_and_draw(struct display *display)
{
    static const uint32_t colours[] = { 0x111111, 0x222222, 0x333333 };

    CHECK_EQUAL(display_set(display, MODE_NUMBER), OK);
    draw(display);
    CHECK_EQUAL(display_set_palette(display, 5, 3, colours), OK);
    CHECK_EQUAL(display_set_palette(display, 255, 1, colours), OK);
    CHECK_EQUAL(display_show(display, 9, false), OK);
}

static void check_restored(const struct display *display)
{
    check_drawn(display);
    CHECK(driver.has_mode && driver.keep);
    CHECK_EQUAL(driver.line, 9);
    CHECK_EQUAL(driver.flushed_lines, 60);
    CHECK(driver.colours[5] == 0x111111 && driver.colours[7] == 0x333333 && driver.colours[255] == 0x111111);
    CHECK(driver.colours[4] == 0xEEEEEEEE && driver.colours[8] == 0xEEEEEEEE && driver.colours[254] == 0xEEEEEEEE);
    CHECK_EQUAL(members(), 1);
}

static void all_comes_back_wherever_a_driver_dies(void)
{
    for (uint32_t at = 1; at < 12; at++) {
        struct display display;

        begin(&display);
        set_and_draw(&display);
        driver_comes();
        dies_at = at;
        CHECK_EQUAL(display_flush(&display, 1, 1, 2, 2), OK);
        check_restored(&display);
        CHECK_EQUAL(display_release(&display), OK);
        CHECK(!driver.has_mode && members() == 0 && display.mode.width == 0 && display.pixels == NULL);
    }
}

static void another_display_may_have_another_pitch_and_number(void)
{
    struct display display;
    uint8_t row[40];

    begin(&display);
    set_and_draw(&display);
    memcpy(row, display.pixels + 11 * display.mode.pitch, sizeof row);
    driver_comes();
    driver.mode.mode = 0x77;
    driver.mode.pitch = 56;
    CHECK_EQUAL(display_flush(&display, 0, 0, 0, 0), OK);
    CHECK(display.mode.mode == 0x77 && display.mode.pitch == 56);
    CHECK(memcmp(row, display.pixels + 11 * 56, sizeof row) == 0);
    CHECK_EQUAL(display_release(&display), OK);
}

static void picture_waits_for_a_display_that_can_show_it(void)
{
    struct display display;

    begin(&display);
    set_and_draw(&display);
    driver_comes();
    driver.mode.width = 39;
    CHECK_EQUAL(display_flush(&display, 0, 0, 1, 1), BAD_ARGUMENT);
    check_drawn(&display);
    driver.mode = good_mode;
    join_status = NO_MEMORY;
    CHECK_EQUAL(display_flush(&display, 0, 0, 1, 1), NO_MEMORY);
    CHECK(!driver.has_mode);
    check_drawn(&display);
    join_status = OK;
    CHECK_EQUAL(display_flush(&display, 0, 0, 1, 1), OK);
    check_restored(&display);
    CHECK_EQUAL(display_release(&display), OK);
}

static void memory_that_is_too_small_is_not_used(void)
{
    struct display display;

    begin(&display);
    driver.mode.pitch = 4096;
    driver.pages_missing = 1;
    CHECK_EQUAL(display_set(&display, MODE_NUMBER), BAD_SIZE);
    CHECK(!driver.has_mode && members() == 0 && display.mode.width == 0);
    driver.pages_missing = 0;
    CHECK_EQUAL(display_set(&display, MODE_NUMBER), OK);
    driver.mode.bytes = 0;
    CHECK_EQUAL(display_set(&display, MODE_NUMBER), BAD_PROTOCOL);
    CHECK(!driver.has_mode && members() == 0 && display.mode.width == 0);
}

static void lists_that_cannot_be_are_refused(void)
{
    struct display display;
    struct display_mode modes[DISPLAY_MODES_MAX];
    uint32_t count = 12345;

    begin(&display);
    driver.offered = 256;
    CHECK_EQUAL(display_modes(&display, modes, 3, &count), OK);
    CHECK_EQUAL(count, 256);
    CHECK_EQUAL(display_modes(&display, modes, DISPLAY_MODES_MAX, &count), OK);
    driver.offered = UINT32_MAX;
    count = 12345;
    CHECK_EQUAL(display_modes(&display, modes, DISPLAY_MODES_MAX, &count), BAD_SIZE);
    driver.offered = 3;
    driver.excess = 1;
    CHECK_EQUAL(display_modes(&display, modes, DISPLAY_MODES_MAX, &count), BAD_SIZE);
    CHECK_EQUAL(count, 12345);
}

static void what_is_outside_is_refused_before_it_is_cut(void)
{
    struct display display;
    uint32_t colour = 0;

    begin(&display);
    CHECK_EQUAL(display_flush(&display, 0, 0, 0, 0), NOT_ALLOWED);
    CHECK_EQUAL(display_show(&display, 0, false), NOT_ALLOWED);
    CHECK_EQUAL(display_set_palette(&display, 0, 1, &colour), NOT_ALLOWED);
    CHECK_EQUAL(display_release(&display), NOT_ALLOWED);
    CHECK_EQUAL(display_set(&display, 0x10000 + MODE_NUMBER), BAD_ARGUMENT);
    CHECK_EQUAL(display_set(&display, MODE_NUMBER), OK);
    CHECK_EQUAL(display_flush(&display, 0, 0, 0x10001, 1), BAD_ARGUMENT);
    CHECK_EQUAL(display_flush(&display, UINT32_MAX, 0, 2, 1), BAD_ARGUMENT);
    CHECK_EQUAL(display_flush(&display, 0, 60, 1, 1), BAD_ARGUMENT);
    CHECK_EQUAL(display_flush(&display, 40, 60, 0, 0), OK);
    CHECK_EQUAL(display_show(&display, 31, false), BAD_ARGUMENT);
    CHECK_EQUAL(display_show(&display, 0x10000, false), BAD_ARGUMENT);
    CHECK_EQUAL(display_set_palette(&display, 256, 1, &colour), BAD_ARGUMENT);
    CHECK_EQUAL(display_set_palette(&display, 1, UINT32_MAX, &colour), BAD_ARGUMENT);
    CHECK_EQUAL(display_release(&display), OK);
}

/* One call, whatever the driver makes of it. */
static void turn(struct display *display)
{
    static const uint32_t colours[DISPLAY_COLOURS];
    struct display_mode modes[4];
    uint32_t count = random_below(4);

    switch (random_below(7)) {
    case 0:
    case 1:
        (void)!display_set(display, MODE_NUMBER);
        break;
    case 2:
        (void)!display_show(display, random_edgy(), false);
        break;
    case 3:
        (void)!display_set_palette(display, random_below(256), random_below(100), colours);
        break;
    case 4:
        (void)!display_release(display);
        break;
    case 5:
        (void)!display_modes(display, modes, count, &count);
        break;
    default:
        (void)!display_flush(display, random_below(41), random_below(61), random_below(41), random_below(61));
    }
}

/* Where a mode is set, each byte of it is there: the sanitizer sees those that are not. */
static void no_driver_makes_a_client_write_elsewhere(void)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        struct display display;

        begin(&display);
        wild = 2 + random_below(12);
        for (uint32_t i = 0; i < TURNS; i++) {
            dies_at = random_one_in(4) ? 1 + random_below(6) : 0;
            driver.pages_missing = random_one_in(8) ? 1 : 0;
            join_status = random_one_in(16) ? OVER_QUOTA : OK;
            turn(&display);
            CHECK_EQUAL(members(), display.mode.width == 0 ? 0 : 1);
            if (display.mode.width != 0) {
                CHECK(display_mode_can_be(&display.mode, display.pages));
                memset(display.pixels, 1, (display.mode.lines - 1) * display.mode.pitch + display.mode.width * display.mode.bytes);
            }
        }
        wild = dies_at = 0;
        CHECK_EQUAL(display_release(&display), display.mode.width == 0 ? NOT_ALLOWED : OK);
        CHECK_EQUAL(members(), 0);
    }
}

static const struct test tests[] = {
    TEST(all_comes_back_wherever_a_driver_dies),
    TEST(another_display_may_have_another_pitch_and_number),
    TEST(picture_waits_for_a_display_that_can_show_it),
    TEST(memory_that_is_too_small_is_not_used),
    TEST(lists_that_cannot_be_are_refused),
    TEST(what_is_outside_is_refused_before_it_is_cut),
    TEST(no_driver_makes_a_client_write_elsewhere),
};
TEST_MAIN(tests)
