#include "text_console.h"

#include <string.h>

#include "drivers/console/lending.h"
#include "drivers/console/screen.h"
#include "test.h"
#include "text_adapter.h"

struct terminal console_terminal;
struct text_call_lend_reply console_lent;
static struct screen_information screen;

void console_start(void)
{
    CHECK(screen_open(&screen));
    terminal_reset(&console_terminal, screen.palette);
    screen_take_over(&console_terminal);
    screen_show(&console_terminal);
    lending_open();
}

void console_say(const char *text)
{
    screen_resume(&console_terminal);
    terminal_write(&console_terminal, text, strlen(text));
    screen_show(&console_terminal);
}

void console_expect(unsigned row, const char *text)
{
    for (unsigned i = 0; text[i] != '\0'; i++) {
        CHECK_EQUAL((uint8_t)world.cells[row * CELL_COLUMNS + i], (uint8_t)text[i]);
    }
}

struct server_call console_call_of(process_id_t sender, process_class_t class)
{
    return (struct server_call){ .sender = sender, .sender_class = class };
}

status_t console_lend(process_id_t sender)
{
    struct server_call call = console_call_of(sender, CLASS_DRIVER);

    console_lent = (struct text_call_lend_reply){ 0 };
    return lending_lend(&call, &console_lent);
}

status_t console_take_back(process_id_t sender)
{
    struct server_call call = console_call_of(sender, CLASS_DRIVER);

    return lending_take_back(&call, &console_terminal);
}

void console_expect_untouched(void)
{
    uint32_t before = world.accesses;

    console_say("one\ntwo");
    CHECK_EQUAL(world.accesses, before);
    for (unsigned i = 0; i < sizeof world.cells / sizeof world.cells[0]; i++) {
        CHECK_EQUAL(world.cells[i], 0x5555);
    }
}

void console_begin(void)
{
    world_begin();
    console_start();
    console_say("before\n");
    console_expect(0, "before");
}
