#include "options.h"

#include <stdbool.h>

#include <ternion/log.h>
#include <ternion/string.h>

#define FORM "screen=OWNER, serial=OWNER, serial1=OWNER to serial3=OWNER, as in screen=a\\shell"

const char *const terminal_names[TERMINAL_COUNT] = { "screen", "serial", "serial1", "serial2", "serial3" };

/* The prefix of a class, and something behind it. */
static bool is_process_name(const char *text)
{
    size_t size = strnlen(text, NAME_SIZE_MAX + 1);

    return size > 2 && size <= NAME_SIZE_MAX && strchr("dsa", text[0]) != NULL && text[1] == '\\';
}

/* The terminal that an argument is about; its owner stands behind the =. TERMINAL_COUNT: none. */
static unsigned terminal_of(const char *argument, const char **owner_out)
{
    unsigned number = 0;

    while (number < TERMINAL_COUNT) {
        size_t size = strlen(terminal_names[number]);
        if (strncmp(argument, terminal_names[number], size) == 0 && argument[size] == '=') {
            *owner_out = argument + size + 1;
            break;
        }
        number++;
    }
    return number;
}

void options_read(int count, char *const arguments[], struct options *options_out)
{
    *options_out = (struct options){ 0 };
    for (int i = 1; i < count; i++) {
        const char *owner = NULL;
        unsigned number = terminal_of(arguments[i], &owner);

        if (number == TERMINAL_COUNT) {
            log_print(LOG_WARNING, "argument \"%s\" is not known and skipped: known are " FORM, arguments[i]);
        } else if (!is_process_name(owner)) {
            log_print(LOG_WARNING, "argument \"%s\" is skipped: \"%s\" is no name of a process, such as a\\shell", arguments[i], owner);
        } else if (options_out->owners[number] != NULL) {
            log_print(LOG_WARNING, "argument \"%s\" is skipped: %s has an owner, %s", arguments[i], terminal_names[number],
                      options_out->owners[number]);
        } else {
            options_out->owners[number] = owner;
        }
    }
}
