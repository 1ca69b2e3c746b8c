#include "options.h"

#include <string.h>

#include "shell.h"

static const struct {
    enum option option;
    char letter;
    const char *name;
} options[] = {
    { OPTION_ALL_EXPORT, 'a', "allexport" },
    { OPTION_ERROR_EXIT, 'e', "errexit" },
    { OPTION_NO_PATHNAMES, 'f', "noglob" },
    { OPTION_NO_EXECUTION, 'n', "noexec" },
    { OPTION_NO_UNSET, 'u', "nounset" },
    { OPTION_VERBOSE, 'v', "verbose" },
    { OPTION_TRACE, 'x', "xtrace" },
    { OPTION_NO_CLOBBER, 'C', "noclobber" },
};

#define OPTION_COUNT (sizeof options / sizeof options[0])

const char *options_text(struct arena *arena)
{
    struct text text = TEXT_EMPTY(arena);

    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (shell_has(options[i].option)) {
            text_add(&text, options[i].letter);
        }
    }
    if (shell.is_interactive) {
        text_add(&text, 'i');
    }
    return text_string(&text);
}

static void change(enum option option, bool is_on)
{
    shell.options = is_on ? shell.options | option : shell.options & ~(uint32_t)option;
}

bool option_set_letter(char letter, bool is_on)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (options[i].letter == letter) {
            change(options[i].option, is_on);
            return true;
        }
    }
    return false;
}

bool option_set_name(const char *name, bool is_on)
{
    for (unsigned i = 0; i < OPTION_COUNT; i++) {
        if (strcmp(options[i].name, name) == 0) {
            change(options[i].option, is_on);
            return true;
        }
    }
    return false;
}

const char *option_name(unsigned number, bool *is_on_out)
{
    if (number >= OPTION_COUNT) {
        return NULL;
    }
    *is_on_out = shell_has(options[number].option);
    return options[number].name;
}
