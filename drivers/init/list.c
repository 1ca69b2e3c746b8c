#include <stdarg.h>

#include <ternion/format.h>
#include <ternion/log.h>
#include <ternion/string.h>

#include "list.h"

#define RESTART_MARK "restart="
#define NEEDS_MARK "needs="
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
    log_print(LOG_ERROR, "init.list:%u: %s; this line is skipped", list->text.line, text);
    return false;
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
    const char *path = word_behind(word, FILE_MARK);
    if (path != NULL) {
        return complain(list, "\"%s\" is no image: write it without " FILE_MARK ", as \"%s\"", word, path);
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
            if (word_decimal(word + length + 1, &program->grant.limits[resource])) {
                return true;
            }
            return complain(list, "%s: a number up to 4294967295 must follow the =", word);
        }
    }
    return complain(list, "\"%s\" is no limit: there are frames=, processes=, threads=, message_bytes= and objects=",
                    word);
}

/* NAME[,NAME…]: of processes, or of devices. */
static bool read_needs(const struct list *list, char *value, struct program *program)
{
    char *name;

    while ((name = word_part(&value)) != NULL) {
        size_t length = strlen(name);

        if (length == 0) {
            return complain(list, NEEDS_MARK ": a name is missing at a comma or behind the =");
        }
        if (length > NEED_NAME_MAX) {
            return complain(list, NEEDS_MARK ": a name has at most %u bytes, this one %zu", NEED_NAME_MAX, length);
        }
        if (strcmp(name, program->name) == 0) {
            return complain(list, NEEDS_MARK "%s: no program can wait for itself", name);
        }
        if (program->need_count == PROGRAM_NEEDS_MAX) {
            return complain(list, NEEDS_MARK ": at most %u names may stand here", PROGRAM_NEEDS_MAX);
        }
        memcpy(program->needs[program->need_count++], name, length + 1);
    }
    return true;
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
           word_behind(*word_out, RESTART_MARK) == NULL && word_behind(*word_out, NEEDS_MARK) == NULL) {
        if (!read_limit(list, *word_out, program)) {
            return false;
        }
        any = true;
    }
    return any || complain(list, "limit: at least one of frames=, processes=, threads=, message_bytes= and objects= must follow");
}

/* restart=… or needs=…, each once. */
static bool read_option(const struct list *list, char *word, bool *has_restart, struct program *program)
{
    const char *restart = word_behind(word, RESTART_MARK);

    if (restart == NULL && word_behind(word, NEEDS_MARK) == NULL) {
        return complain(list, "\"%s\" is not known: " RESTART_MARK ", " NEEDS_MARK ", limit or -- may stand here", word);
    }
    if (restart != NULL ? *has_restart : program->need_count != 0) {
        return complain(list, "%s: %s stands in this line already", word, restart != NULL ? RESTART_MARK : NEEDS_MARK);
    }
    if (restart == NULL) {
        return read_needs(list, word + strlen(NEEDS_MARK), program);
    }
    *has_restart = true;
    return read_restart(list, restart, program);
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
        if (!read_option(list, word, &has_restart, program)) {
            return false;
        }
        word = word_next(&at);
    }
    return true;
}

/* ---- Lines ---- */

void list_open(struct list *list, const char *text, size_t size)
{
    text_open(&list->text, text, size);
}

static bool read_line(const struct list *list, char *at, enum line_kind kind, struct program *program)
{
    switch (kind) {
    case LINE_TOO_LONG:
        return complain(list, "it is longer than %u bytes", LINE_MAX - 1);
    case LINE_NO_TEXT:
        return complain(list, "it has a byte that is no text");
    case LINE_FINE:
        break;
    }
    *program = (struct program){ .line = list->text.line };
    return read_name(list, word_next(&at), program) && read_image(list, word_next(&at), program) && read_options(list, at, program);
}

bool list_next(struct list *list, struct program *program_out)
{
    char line[LINE_MAX];
    enum line_kind kind;

    while (text_line(&list->text, line, &kind)) {
        if (read_line(list, line, kind, program_out)) {
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
