#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/string.h>

#include "list.h"

#define LINE_MAX 512U
#define RESTART_MARK "restart="
#define FILE_MARK "file:"        /* on the boot loader's lines, not in this list */

/* ---- Saying what is wrong ---- */

static bool complain(const struct list *list, const char *template, ...) __attribute__((format(printf, 2, 3)));

/* Always false, so that a reader can return it. */
static bool complain(const struct list *list, const char *template, ...)
{
    char text[LOG_TEXT_MAX];
    va_list values;

    va_start(values, template);
    format_text_list(text, sizeof text, template, values);
    va_end(values);
    log_print(LOG_ERROR, "init.list:%u: %s; this line is skipped", list->line, text);
    return false;
}

/* ---- Words of a line ---- */

static bool is_separator(char character)
{
    return character == ' ' || character == '\t' || character == '\r';
}

/* Cuts the next word off the line, which it changes. NULL: there is none. */
static char *word_next(char **at)
{
    while (is_separator(**at)) {
        (*at)++;
    }
    if (**at == '\0') {
        return NULL;
    }
    char *word = *at;
    while (**at != '\0' && !is_separator(**at)) {
        (*at)++;
    }
    if (**at != '\0') {
        *(*at)++ = '\0';
    }
    return word;
}

/* ---- The parts of a line ---- */

static bool read_name(const struct list *list, const char *word, struct program *program)
{
    static const char prefixes[CLASS_COUNT] = { 'd', 's', 'a' };
    size_t length = strlen(word);

    if (length > NAME_SIZE_MAX) {
        return complain(list, "a name has at most %u bytes, this one %zu", NAME_SIZE_MAX, length);
    }
    for (process_class_t class = 0; class < CLASS_COUNT; class++) {
        if (length == 2 && word[0] == prefixes[class] && word[1] == '\\') {
            return complain(list, "\"%s\" is no name: nothing follows the prefix", word);
        }
        if (length > 2 && word[0] == prefixes[class] && word[1] == '\\') {
            memcpy(program->name, word, length + 1);
            program->name_text = program->name + 2;
            program->class = class;
            return true;
        }
    }
    return complain(list, "\"%s\" is no name: it must begin with d\\, s\\ or a\\", word);
}

static bool read_image(const struct list *list, const char *word, struct program *program)
{
    if (word == NULL) {
        return complain(list, "%s has no image: the name of a boot module must follow", program->name);
    }
    if (strncmp(word, FILE_MARK, strlen(FILE_MARK)) == 0) {
        return complain(list, "\"%s\" is no image: write it without " FILE_MARK ", as \"%s\"", word, word + strlen(FILE_MARK));
    }
    size_t length = strlen(word);
    if (length > NAME_SIZE_MAX) {
        return complain(list, "the name of a boot module has at most %u bytes, this one %zu", NAME_SIZE_MAX, length);
    }
    memcpy(program->image, word, length + 1);
    return true;
}

static bool read_restart(const struct list *list, const char *value, struct program *program)
{
    static const char *const names[] = {
        [RESTART_ALWAYS] = "always",
        [RESTART_NEVER] = "never",
        [RESTART_ON_FAILURE] = "on-failure",
    };

    for (enum restart restart = 0; restart < sizeof names / sizeof names[0]; restart++) {
        if (strcmp(value, names[restart]) == 0) {
            program->restart = restart;
            return true;
        }
    }
    return complain(list, "restart=%s: it must be always, never or on-failure", value);
}

static bool read_number(const char *text, uint32_t *number_out)
{
    uint32_t number = 0;

    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || __builtin_mul_overflow(number, 10U, &number) ||
            __builtin_add_overflow(number, (uint32_t)(*text - '0'), &number)) {
            return false;
        }
    }
    *number_out = number;
    return true;
}

static bool read_limit(const struct list *list, const char *word, struct program *program)
{
    static const char *const names[RESOURCE_COUNT] = {
        [RESOURCE_FRAMES] = "frames",
        [RESOURCE_PROCESSES] = "processes",
        [RESOURCE_THREADS] = "threads",
        [RESOURCE_MESSAGE_BYTES] = "message_bytes",
        [RESOURCE_OBJECTS] = "objects",
    };

    for (unsigned resource = 0; resource < RESOURCE_COUNT; resource++) {
        size_t length = strlen(names[resource]);
        if (strncmp(word, names[resource], length) == 0 && word[length] == '=') {
            if (read_number(word + length + 1, &program->grant.limits[resource])) {
                return true;
            }
            return complain(list, "%s: a number up to 4294967295 must follow the =", word);
        }
    }
    return complain(list, "\"%s\" is no limit: there are frames=, processes=, threads=, message_bytes= and objects=",
                    word);
}

static bool read_arguments(const struct list *list, char *at, struct program *program)
{
    char *word;

    program->has_arguments = true;
    while ((word = word_next(&at)) != NULL) {
        size_t size = strlen(word) + 1;
        if (size > sizeof program->arguments - program->arguments_size) {
            return complain(list, "the arguments of %s take more than %u bytes", program->name, PROGRAM_ARGUMENTS_MAX);
        }
        memcpy(program->arguments + program->arguments_size, word, size);
        program->arguments_size += (uint32_t)size;
    }
    return true;
}

/* Reads the limits behind the word limit; leaves the first word that is none in *word_out, or NULL. */
static bool read_limits(const struct list *list, char **at, char **word_out, struct program *program)
{
    bool any = false;

    while ((*word_out = word_next(at)) != NULL && strchr(*word_out, '=') != NULL &&
           strncmp(*word_out, RESTART_MARK, strlen(RESTART_MARK)) != 0) {
        if (!read_limit(list, *word_out, program)) {
            return false;
        }
        any = true;
    }
    return any || complain(list, "limit: at least one of frames=, processes=, threads=, message_bytes= and objects= must follow");
}

/* What stands behind name and image, in any order, arguments last. */
static bool read_options(const struct list *list, char *at, struct program *program)
{
    bool has_restart = false;
    char *word = word_next(&at);

    while (word != NULL) {
        if (strcmp(word, "--") == 0) {
            return read_arguments(list, at, program);
        }
        if (strcmp(word, "limit") == 0) {
            if (!read_limits(list, &at, &word, program)) {
                return false;
            }
            continue;
        }
        if (strncmp(word, RESTART_MARK, strlen(RESTART_MARK)) != 0) {
            return complain(list, "\"%s\" is not known: " RESTART_MARK ", limit or -- may stand here", word);
        }
        if (has_restart) {
            return complain(list, "%s: " RESTART_MARK " stands in this line already", word);
        }
        if (!read_restart(list, word + strlen(RESTART_MARK), program)) {
            return false;
        }
        has_restart = true;
        word = word_next(&at);
    }
    return true;
}

/* ---- Lines ---- */

/* Copies the next line, ended by a NUL. False: it was longer than any line may be. */
static bool line_copy(struct list *list, char *line)
{
    size_t length = 0;

    list->line++;
    while (list->at < list->end && *list->at != '\n') {
        if (length < LINE_MAX) {
            line[length] = *list->at;
        }
        length++;
        list->at++;
    }
    list->at++; /* behind the line end, or behind the end of the text */
    line[length < LINE_MAX ? length : LINE_MAX - 1] = '\0';
    return length < LINE_MAX;
}

void list_open(struct list *list, const char *text, size_t size)
{
    *list = (struct list){ .at = text, .end = text + size };
}

bool list_next(struct list *list, struct program *program_out)
{
    char line[LINE_MAX];

    while (list->at < list->end) {
        char *at = line;
        bool whole = line_copy(list, line);
        char *word = word_next(&at);

        if (word == NULL || *word == '#') {
            continue;
        }
        if (!whole) {
            complain(list, "it is longer than %u bytes", LINE_MAX - 1);
            continue;
        }
        *program_out = (struct program){ .line = list->line };
        if (read_name(list, word, program_out) && read_image(list, word_next(&at), program_out) &&
            read_options(list, at, program_out)) {
            return true;
        }
    }
    return false;
}

void program_copy(struct program *copy, const struct program *program)
{
    *copy = *program;
    copy->name_text = copy->name + (program->name_text - program->name);
}
