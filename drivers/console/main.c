/*
 * d\console: text on the screen of the machine. Its protocol stands in ternion/text_output.h.
 *
 * It never logs about a request: a\log would print that here again.
 */
#include <ternion/log.h>
#include <ternion/manifest.h>
#include <ternion/message.h>
#include <ternion/syscall.h>
#include <ternion/text_output.h>

#include "screen.h"
#include "terminal.h"

MANIFEST(
    .role = ROLE_DISPLAY,
    .partners = PARTNERS_ALL,
    .ports = { { 0x3B4, 0x3B5 }, { 0x3C0, 0x3DA } },
    .memory = { { 0xB0000, 0xBFFFF } },
);

static status_t write_text(const struct event *event)
{
    static char text[TEXT_SIZE_MAX];
    uint32_t size;

    status_t status = message_string(event, text, sizeof text, &size);
    if (status != OK) {
        return status;
    }
    screen_resume();
    terminal_write(text, size);
    screen_show();
    return OK;
}

int main(void)
{
    screen_open();
    for (;;) {
        struct event event;

        MUST(event_wait(&event, FOREVER));
        switch (event.kind) {
        case EVENT_MESSAGE:
            message_answer(&event, event.words[0] == TEXT_WRITE ? write_text(&event) : BAD_ARGUMENT);
            break;
        case EVENT_SAVE_STATE:
            (void)state_saved();
            break;
        }
    }
}
