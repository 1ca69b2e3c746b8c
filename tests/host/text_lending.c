/* d\console lends its adapter, and takes it back: the screen as it is, and who may ask. */
#include "drivers/console/lending.h"
#include "drivers/console/screen.h"

#include <string.h>

#include <ternion/port.h>
#include <ternion/syscall.h>

#include "test.h"

#define BORROWER 7U
#define OTHER 8U

static cell_t video[8 * PAGE_SIZE / sizeof(cell_t)];
static uint8_t crtc[32], crtc_index, graphics, attribute_mode;
static uint8_t attribute_index;
static bool attribute_data_is_next;
static uint32_t accesses;                /* to ports */
static process_id_t watched;             /* 0: nobody */
static struct terminal terminal;
static struct screen_information screen;

/* ---- A VGA, and the kernel ---- */

uint8_t port_read8(uint16_t port)
{
    accesses++;
    switch (port) {
    case 0x3CC:
        return 0x67;
    case 0x3CF:
        return graphics;
    case 0x3D5:
        return crtc[crtc_index];
    case 0x3C1:
        return attribute_index == 0x10 ? attribute_mode : 0;
    case 0x3DA:
        attribute_data_is_next = false;
        return 0;
    }
    FAIL("port %x is read", port);
}

void port_write8(uint16_t port, uint8_t value)
{
    accesses++;
    switch (port) {
    case 0x3CE:
        CHECK_EQUAL(value, 6);
        break;
    case 0x3D4:
        crtc_index = value & 31;
        break;
    case 0x3D5:
        crtc[crtc_index] = value;
        break;
    case 0x3C0:
        if (attribute_data_is_next) {
            attribute_mode = value;
        } else {
            attribute_index = value & 31;
        }
        attribute_data_is_next = !attribute_data_is_next;
        break;
    default:
        FAIL("port %x is written", port);
    }
}

status_t physical_map(physical_t physical, uint32_t pages, uint32_t flags, uint32_t *address_out)
{
    CHECK_EQUAL(physical, 0xB8000);
    CHECK_EQUAL(pages, 8);
    CHECK_EQUAL(flags, 0);
    *address_out = (uint32_t)video;
    return OK;
}

void must_failed(status_t status, const char *expression, const char *file, unsigned line)
{
    test_fail(file, (int)line, "%s is %u", expression, (unsigned)status);
}

status_t process_watch(process_id_t id)
{
    CHECK_EQUAL(watched, 0);
    watched = id;
    return OK;
}

status_t process_unwatch(process_id_t id)
{
    CHECK_EQUAL(watched, id);
    watched = 0;
    return OK;
}

/* ---- The console ---- */

/* As BIOS and boot loader leave it. */
static void text_mode(void)
{
    graphics = 0x0E;
    attribute_mode = 0x0C;               /* attributes blink */
    crtc[9] = 15;
    crtc[10] = crtc[11] = 31;
}

static void graphics_mode(void)
{
    graphics = 0x05;
    memset(video, 0x55, sizeof video);
}

static void start(void)
{
    CHECK(screen_open(&screen));
    terminal_reset(&terminal, screen.palette);
    screen_take_over(&terminal);
    screen_show(&terminal);
}

static void say(const char *text)
{
    screen_resume(&terminal);
    terminal_write(&terminal, text, strlen(text));
    screen_show(&terminal);
}

static void expect(unsigned row, const char *text)
{
    for (unsigned i = 0; text[i] != '\0'; i++) {
        CHECK_EQUAL((uint8_t)video[row * CELL_COLUMNS + i], (uint8_t)text[i]);
    }
}

static struct server_call of(process_id_t sender, process_class_t class)
{
    return (struct server_call){ .sender = sender, .sender_class = class };
}

static status_t lend(process_id_t sender)
{
    struct server_call call = of(sender, CLASS_DRIVER);

    return lending_lend(&call);
}

static status_t take_back(process_id_t sender)
{
    struct server_call call = of(sender, CLASS_DRIVER);

    return lending_take_back(&call, &terminal);
}

static void expect_untouched(void)
{
    uint32_t before = accesses;

    say("one\ntwo");
    CHECK_EQUAL(accesses, before);
    for (unsigned i = 0; i < sizeof video / sizeof video[0]; i++) {
        CHECK_EQUAL(video[i], 0x5555);
    }
}

static void begin(void)
{
    text_mode();
    memset(video, 0, sizeof video);
    start();
    say("before\n");
    expect(0, "before");
}

/* ---- Tests ---- */

static void a_lent_adapter_is_not_touched(void)
{
    begin();
    CHECK_EQUAL(lend(BORROWER), OK);
    graphics_mode();
    expect_untouched();
}

static void what_was_written_meanwhile_is_there_afterwards(void)
{
    begin();
    CHECK_EQUAL(lend(BORROWER), OK);
    graphics_mode();
    expect_untouched();
    text_mode();
    CHECK_EQUAL(take_back(BORROWER), OK);
    expect(0, "before");
    expect(1, "one");
    expect(2, "two");
    CHECK_EQUAL(crtc[14] * 256U + crtc[15], 2 * CELL_COLUMNS + 3);
    CHECK_EQUAL(watched, 0);
    say(" three");
    expect(2, "two three");
}

static void the_adapter_is_set_up_as_at_the_start(void)
{
    begin();
    CHECK_EQUAL(attribute_mode, 0x04);
    CHECK_EQUAL(crtc[10], 13);
    CHECK_EQUAL(lend(BORROWER), OK);
    text_mode();
    crtc[12] = 1;
    say("\033[?25l");
    CHECK_EQUAL(take_back(BORROWER), OK);
    CHECK_EQUAL(attribute_mode, 0x04);
    CHECK_EQUAL(crtc[11], 14);
    CHECK_EQUAL(crtc[12], 0);
    CHECK_EQUAL(crtc[10], 0x20);         /* hidden, as it was told meanwhile */
}

static void it_is_lent_to_one_driver(void)
{
    struct server_call application = of(OTHER, CLASS_APPLICATION);
    struct server_call server = of(OTHER, CLASS_SERVER);

    begin();
    CHECK_EQUAL(lending_lend(&application), NOT_ALLOWED);
    CHECK_EQUAL(lending_take_back(&server, &terminal), NOT_ALLOWED);
    CHECK_EQUAL(lend(BORROWER), OK);
    CHECK_EQUAL(lend(BORROWER), OK);
    CHECK_EQUAL(lend(OTHER), BUSY);
    CHECK_EQUAL(take_back(OTHER), BUSY);
    CHECK_EQUAL(take_back(BORROWER), OK);
    CHECK_EQUAL(lend(OTHER), OK);
    CHECK_EQUAL(watched, OTHER);
}

static void the_borrowers_end_takes_it_back(void)
{
    begin();
    CHECK_EQUAL(lend(BORROWER), OK);
    memset(video, 0x55, sizeof video);
    lending_forget(OTHER, &terminal);
    say("kept");
    CHECK_EQUAL(video[0], 0x5555);
    watched = 0;
    lending_forget(BORROWER, &terminal);
    expect(0, "before");
    expect(1, "kept");
}

static void after_an_end_in_graphics_mode_the_next_life_gives_it_back(void)
{
    begin();
    CHECK_EQUAL(lend(BORROWER), OK);
    graphics_mode();
    watched = 0;
    lending_forget(BORROWER, &terminal);
    expect_untouched();
    CHECK_EQUAL(lend(OTHER), OK);
    CHECK_EQUAL(take_back(OTHER), FAULT);
    expect_untouched();
    text_mode();
    CHECK_EQUAL(take_back(OTHER), OK);
    expect(1, "one");
}

static void a_console_that_starts_in_graphics_mode_waits(void)
{
    graphics_mode();
    start();
    for (unsigned i = 0; i < sizeof video / sizeof video[0]; i++) {
        CHECK_EQUAL(video[i], 0x5555);
    }
    expect_untouched();
    text_mode();
    CHECK_EQUAL(take_back(BORROWER), OK);
    expect(0, "one");
    expect(1, "two");
}

static const struct test tests[] = {
    TEST(a_lent_adapter_is_not_touched),
    TEST(what_was_written_meanwhile_is_there_afterwards),
    TEST(the_adapter_is_set_up_as_at_the_start),
    TEST(it_is_lent_to_one_driver),
    TEST(the_borrowers_end_takes_it_back),
    TEST(after_an_end_in_graphics_mode_the_next_life_gives_it_back),
    TEST(a_console_that_starts_in_graphics_mode_waits),
};
TEST_MAIN(tests)
