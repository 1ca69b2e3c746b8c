#include "apps/command/command.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <ternion/format.h>
#include <ternion/libc.h>

#include "apps/command/output.h"

#define MESSAGE_SIZE 1400U           /* bytes: a path and what there is to say of it */

struct command command;

static const char *known;            /* letters of options */
static bool are_numbers_operands;    /* -5 */
static char **next_argument, **arguments_end;
static char *next_letter;            /* in an argument with several */

/* In one piece, so that messages of several programs do not mix; behind what was written before. */
static void say(const char *template, va_list values, const char *behind)
{
    char text[MESSAGE_SIZE];
    size_t size = format_text(text, sizeof text, "%s: ", command.name);

    output_flush();
    size += format_text_list(text + size, sizeof text - size, template, values);
    if (size < sizeof text) {
        size += format_text(text + size, sizeof text - size, "%s", behind);
    }
    (void)write(STDERR_FILENO, text, size < sizeof text ? size : sizeof text - 1);
}

void command_error(const char *template, ...)
{
    va_list values;

    va_start(values, template);
    say(template, values, "\n");
    va_end(values);
    command.exit_code = EXIT_FAILED;
}

void command_errno(const char *what)
{
    command_error("%s: %s", what, command_meaning(errno));
}

void command_status(const char *what, status_t status)
{
    command_error("%s: %s", what, command_meaning(status_errno(status)));
}

static _Noreturn void end_misused(const char *template, va_list values)
{
    char behind[80];

    (void)format_text(behind, sizeof behind, "; see %s --help\n", command.name);
    say(template, values, behind);
    exit(EXIT_MISUSED);
}

void command_misused(const char *template, ...)
{
    va_list values;

    va_start(values, template);
    end_misused(template, values);
}

static const char *find_letter(char letter)
{
    return letter == ':' ? NULL : strchr(known, letter);
}

static bool is_option(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0' && !(are_numbers_operands && argument[1] >= '0' && argument[1] <= '9');
}

/* Does the value of an argument's last letter stand in the argument behind it? */
static bool wants_more(const char *argument)
{
    for (const char *at = argument + 1; *at != '\0'; at++) {
        const char *letter = find_letter(*at);

        if (letter != NULL && letter[1] == ':') {
            return at[1] == '\0';
        }
    }
    return false;
}

/* Puts options in front of operands, each in the order in which they came. What stands behind -- is operands. */
static void put_options_first(int count, char **arguments)
{
    char **sorted = command_memory(((size_t)count + 1) * sizeof *sorted);
    int options = 0, operands = 0;

    for (int pass = 0; pass < 2; pass++) {
        int at = 0, kept = pass == 0 ? 0 : options;

        for (; at < count && strcmp(arguments[at], "--") != 0; at++) {
            bool option = is_option(arguments[at]);
            bool more = option && wants_more(arguments[at]) && at + 1 < count;

            if (option == (pass == 0)) {
                sorted[kept++] = arguments[at];
                if (more) {
                    sorted[kept++] = arguments[at + 1];
                }
            }
            at += more;
        }
        if (pass == 0) {
            options = kept;
        }
        for (at++; pass == 1 && at < count; at++) {
            sorted[kept++] = arguments[at];
        }
        operands = kept - options;
    }
    sorted[options + operands] = NULL;
    memcpy(arguments, sorted, (size_t)(options + operands + 1) * sizeof *sorted);
    free(sorted);
    next_argument = arguments;
    arguments_end = arguments + options;
    command.operands = arguments + options;
    command.count = operands;
}

/* Options in front of the first operand. */
static void take_options_in_front(int count, char **arguments)
{
    int at = 0;

    while (at < count && is_option(arguments[at]) && strcmp(arguments[at], "--") != 0) {
        at += wants_more(arguments[at]) && at + 1 < count ? 2 : 1;
    }
    next_argument = arguments;
    arguments_end = arguments + at;
    at += at < count && strcmp(arguments[at], "--") == 0;
    command.operands = arguments + at;
    command.count = count - at;
}

void command_begin(int argc, char **argv, const char *options, const char *help)
{
    bool in_front = *options == '+';

    command.name = argc > 0 ? command_last_part(argv[0]) : "?";
    if (command.name[0] != '\0' && command.name[1] == '\\') {
        command.name += 2;       /* of a boot list: the process's, with its prefix */
    }
    known = options + in_front;
    are_numbers_operands = *known == '#';
    known += are_numbers_operands;
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0 && (!in_front || is_option(argv[i])); i++) {
        if (strcmp(argv[i], "--help") == 0) {
            output_text(help);
            exit(command_end());
        }
    }
    if (in_front) {
        take_options_in_front(argc - 1, argv + 1);
    } else {
        put_options_first(argc > 0 ? argc - 1 : 0, argv + 1);
    }
}

int command_option(void)
{
    if (next_letter == NULL || *next_letter == '\0') {
        if (next_argument == arguments_end) {
            return 0;
        }
        next_letter = *next_argument++ + 1;
    }
    char letter = *next_letter++;
    const char *found = find_letter(letter);
    if (found == NULL) {
        if (letter == '-') {
            command_misused("there is no option --%s", next_letter);
        }
        command_misused("there is no option -%c", letter);
    }
    command.value = NULL;
    if (found[1] == ':') {
        command.value = *next_letter != '\0' ? next_letter : next_argument != arguments_end ? *next_argument++ : NULL;
        next_letter = NULL;
        if (command.value == NULL) {
            command_misused("-%c needs a value behind it", letter);
        }
    }
    return letter;
}

void command_expect(int least, int most)
{
    if (command.count < least) {
        command_misused(command.count == 0 ? "an argument is missing" : "an argument is missing behind %s",
                        command.count == 0 ? "" : command.operands[command.count - 1]);
    }
    if (command.count > most) {
        command_misused("%s is an argument too much", command.operands[most]);
    }
}

uint64_t command_number(const char *text, uint64_t most, const char *what)
{
    const char *at = text;
    uint64_t number = 0;

    for (; *at >= '0' && *at <= '9' && number <= most; at++) {
        number = 10 * number + (uint64_t)(*at - '0');
    }
    uint32_t shift = at == text ? 0 : *at == 'k' || *at == 'K' ? 10 : *at == 'M' ? 20 : *at == 'G' ? 30 : 0;
    at += shift != 0;
    if (at == text || *at != '\0' || number > most >> shift) {
        command_misused("%s: %s is no number from 0 to %llu", what, text, (unsigned long long)most);
    }
    return number << shift;
}

bool command_ask(const char *template, ...)
{
    va_list values;
    char answer = '\0', byte;

    va_start(values, template);
    say(template, values, " ");
    va_end(values);
    for (bool is_first = true; read(STDIN_FILENO, &byte, 1) == 1 && byte != '\n'; is_first = false) {
        answer = is_first ? byte : answer;
    }
    return answer == 'y' || answer == 'Y';
}

const char *command_last_part(const char *path)
{
    const char *last = path;

    for (const char *at = path; *at != '\0'; at++) {
        if (at[0] == '/' && at[1] != '/' && at[1] != '\0') {
            last = at + 1;
        }
    }
    return last;
}

int command_end(void)
{
    if (!output_flush()) {
        command.exit_code = EXIT_FAILED;
    }
    return command.exit_code;
}
