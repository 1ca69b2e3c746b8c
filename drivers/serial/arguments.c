#include "arguments.h"

#include <ternion/log.h>
#include <ternion/string.h>

#define PORTS "ports="
#define FORM "its form is ports=3F8,2F8,3E8,2E8 or some of these"

const struct line_place line_places[LINES_MAX] = {
    { 0x3F8, 4 },
    { 0x2F8, 3 },
    { 0x3E8, 4 },
    { 0x2E8, 3 },
};

/* The value of a hexadecimal digit; 16: it is none. */
static uint32_t digit_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return (uint32_t)(digit - '0');
    }
    digit |= 'a' ^ 'A';
    return digit >= 'a' && digit <= 'f' ? (uint32_t)(digit - 'a' + 10) : 16;
}

/* Reads up to a comma or the end; which place it is, LINES_MAX: none. *text then leads behind it. */
static unsigned read_place(const char **text)
{
    uint32_t port = 0;
    bool is_number = **text != ',' && **text != '\0';

    for (; **text != ',' && **text != '\0'; ++*text) {
        uint32_t value = digit_value(**text);
        is_number = is_number && value < 16 && port < 0x1000;
        port = port * 16 + value;
    }
    unsigned place = 0;
    while (place < LINES_MAX && !(is_number && line_places[place].port == port)) {
        place++;
    }
    return place;
}

static void read_ports(const char *argument, const char *text, bool wanted[LINES_MAX])
{
    for (;;) {
        unsigned place = read_place(&text);

        if (place < LINES_MAX) {
            wanted[place] = true;
        } else {
            log_print(LOG_WARNING, "a port of argument \"%s\" is not known and skipped: " FORM, argument);
        }
        if (*text++ == '\0') {
            return;
        }
    }
}

void arguments_read(int count, char *const arguments[], bool wanted_out[LINES_MAX])
{
    bool any = false;

    memset(wanted_out, false, LINES_MAX * sizeof wanted_out[0]);
    for (int i = 1; i < count; i++) {
        if (strncmp(arguments[i], PORTS, sizeof PORTS - 1) == 0) {
            read_ports(arguments[i], arguments[i] + sizeof PORTS - 1, wanted_out);
        } else {
            log_print(LOG_WARNING, "argument \"%s\" is not known and skipped: " FORM, arguments[i]);
        }
    }
    for (unsigned place = 0; place < LINES_MAX; place++) {
        any = any || wanted_out[place];
    }
    wanted_out[0] = wanted_out[0] || !any;
}
