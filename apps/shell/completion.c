#include "completion.h"

#include <dirent.h>
#include <string.h>
#include <sys/stat.h>

#include "alias.h"
#include "builtins.h"
#include "functions.h"
#include "lexer.h"
#include "parser.h"
#include "program.h"
#include "shell.h"
#include "sort.h"
#include "variables.h"

#define NEEDS_BACKSLASH " \t\n\\'\"$`&|;<>(){}*?[]#~!"

/* The word before the cursor. */
struct word_found {
    size_t start;           /* of what is completed of it: behind the last / */
    char quote;             /* that is open at the cursor: ' or " or none */
    bool quote_is_inside;   /* it was opened behind the start */
    char closed;            /* a quote that was open at the start, and is closed behind it */
    struct text typed;      /* the whole word, without quotes */
    size_t part;            /* where in it what is completed begins */
    size_t path;            /* where the path begins that it is of: behind = or : */
    bool is_command;        /* a command's name is expected there */
    bool is_variable;       /* $name; what is completed is the name */
    bool has_brace;         /* ${ */
};

/* ---- The word ---- */

/* Does a command follow behind this word? */
static bool leads_to_command(const struct text *word)
{
    static const char *const words[] = { "if", "then", "else", "elif", "while", "until", "do", "!", "{", "time", "exec", "command" };
    size_t name = 0;

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (word->size == strlen(words[i]) && memcmp(word->bytes, words[i], word->size) == 0) {
            return true;
        }
    }
    while (name < word->size && is_name_part((unsigned char)word->bytes[name])) {
        name++;
    }
    return name > 0 && name < word->size && word->bytes[name] == '=';
}

static bool is_name(const struct text *word)
{
    size_t length = 0;

    while (length < word->size && is_name_part((unsigned char)word->bytes[length])) {
        length++;
    }
    return length > 0 && length == word->size && is_name_start((unsigned char)word->bytes[0]);
}

static void word_begin(struct word_found *word, size_t at, bool is_command)
{
    *word = (struct word_found){ .start = at, .typed = TEXT_EMPTY(&shell.scratch), .is_command = is_command };
}

static void part_begin(struct word_found *word, size_t at)
{
    word->start = at;
    word->part = word->typed.size;
    word->quote_is_inside = false;
    word->closed = '\0';
}

/*
 * A $ that may begin the name of a variable; at: behind it. How many bytes of the line it takes up to the cursor; 0: it is
 * none, or complete.
 */
static size_t variable_length(const char *line, size_t at, size_t end, bool *has_brace_out)
{
    size_t start = at;

    *has_brace_out = at < end && line[at] == '{';
    at += *has_brace_out;
    while (at < end && is_name_part((unsigned char)line[at])) {
        at++;
    }
    return at == end ? at - start + 1 : 0;
}

/* One character of a word, outside of ' '. How many bytes of the line were taken. */
static size_t take_character(struct word_found *word, const char *line, size_t at, size_t end)
{
    bool has_brace;
    size_t length;

    if (line[at] == '\\' && at + 1 < end) {
        text_add(&word->typed, line[at + 1]);
        return 2;
    }
    if (line[at] == '$' && (length = variable_length(line, at + 1, end, &has_brace)) > 0) {
        part_begin(word, at + 1 + has_brace);
        text_append(&word->typed, line + at + 1 + has_brace, length - 1 - has_brace);
        word->is_variable = true;
        word->has_brace = has_brace;
        return length;
    }
    bool is_value = line[at] == '=' && is_name(&word->typed);
    text_add(&word->typed, line[at]);
    word->is_command = word->is_command && !is_value;
    if (line[at] == '/') {
        part_begin(word, at + 1);
    } else if ((line[at] == '=' || line[at] == ':') && !word->is_command) {
        part_begin(word, at + 1);
        word->path = word->part;
    }
    return 1;
}

/* at: behind it. */
static void quote_open(struct word_found *word, char quote, size_t at)
{
    word->quote = quote;
    word->quote_is_inside = word->typed.size != word->part || word->closed != '\0';
    word->start = word->quote_is_inside ? word->start : at;
}

static void quote_close(struct word_found *word)
{
    word->closed = word->quote_is_inside ? word->closed : word->quote;
    word->quote = '\0';
}

/* Goes through the line up to the cursor, and stays with the last word. */
static void word_find(struct word_found *word, const char *line, size_t end)
{
    word_begin(word, 0, true);
    for (size_t at = 0; at < end;) {
        char byte = line[at];
        if (word->quote != '\0' && byte == word->quote) {
            quote_close(word);
            at++;
        } else if (word->quote == '\0' && (byte == '\'' || byte == '"')) {
            quote_open(word, byte, ++at);
        } else if (word->quote == '\'') {
            text_add(&word->typed, byte);
            at++;
            if (byte == '/') {
                part_begin(word, at);
            }
        } else if (word->quote == '\0' && strchr(" \t\n;&|()<>`", byte) != NULL) {
            bool is_blank = byte == ' ' || byte == '\t';
            bool was_empty = word->typed.size == 0;
            bool is_command = is_blank ? (was_empty ? word->is_command : leads_to_command(&word->typed)) : byte != '<' && byte != '>';
            word_begin(word, ++at, is_command);
        } else {
            at += take_character(word, line, at, end);
        }
    }
}

/* ---- Names ---- */

/* What names are compared with. */
struct search {
    const char *begin;
    size_t size;
    struct fields *names;
};

static void take(const char *name, void *context)
{
    struct search *search = context;

    if (strncmp(name, search->begin, search->size) == 0) {
        fields_add(search->names, arena_copy(&shell.scratch, name, strlen(name)));
    }
}

static void find_commands(struct search *search)
{
    for (const struct builtin *builtin = builtins_first(); builtin->name != NULL; builtin++) {
        take(builtin->name, search);
    }
    for (const struct function *function = functions_first(); function != NULL; function = function->next) {
        take(function->name, search);
    }
    for (const struct alias *alias = aliases_first(); alias != NULL; alias = alias->next) {
        take(alias->name, search);
    }
    programs_each(take, search);
}

static void find_variables(struct search *search)
{
    for (const struct variable **list = variables_list(&shell.scratch); *list != NULL; list++) {
        take((*list)->name, search);
    }
}

/* The directory of a path that was typed: up to the last /, and ~ as what it stands for. */
static char *directory_of(const char *typed, size_t size)
{
    struct text path = TEXT_EMPTY(&shell.scratch);
    const char *home = variable_value("HOME");

    if (size > 1 && typed[0] == '~' && typed[1] == '/' && home != NULL) {
        text_append_string(&path, home);
        typed++;
        size--;
    }
    text_append(&path, typed, size);
    if (path.size == 0) {
        text_add(&path, '.');
    }
    return text_string(&path);
}

static bool is_directory(const char *directory, const char *name)
{
    struct text path = TEXT_EMPTY(&shell.scratch);
    struct stat description;

    text_append_string(&path, directory);
    text_add(&path, '/');
    text_append_string(&path, name);
    return stat(text_string(&path), &description) == 0 && S_ISDIR(description.st_mode);
}

/* Names of directories get a / at their end. */
static void find_files(struct search *search, const char *path)
{
    DIR *directory = opendir(path);
    const struct dirent *entry;

    if (directory == NULL) {
        return;
    }
    while ((entry = readdir(directory)) != NULL) {
        bool is_hidden = entry->d_name[0] == '.' && search->begin[0] != '.';
        if (is_hidden || strncmp(entry->d_name, search->begin, search->size) != 0) {
            continue;
        }
        struct text name = TEXT_EMPTY(&shell.scratch);
        text_append_string(&name, entry->d_name);
        if (is_directory(path, entry->d_name)) {
            text_add(&name, '/');
        }
        fields_add(search->names, text_string(&name));
    }
    (void)closedir(directory);
}

/* ---- What becomes of the line ---- */

/* Of a sorted list, each name once. */
static void remove_doubles(struct fields *names)
{
    size_t kept = 0;

    for (size_t i = 0; i < names->count; i++) {
        if (kept == 0 || strcmp(names->values[kept - 1], names->values[i]) != 0) {
            names->values[kept++] = names->values[i];
        }
    }
    names->count = kept;
}

/* Bytes that all have in common: of a sorted list the first and the last have no more than all. */
static size_t common_length(const struct fields *names)
{
    const char *first = names->values[0], *last = names->values[names->count - 1];
    size_t length = 0;

    while (first[length] != '\0' && first[length] == last[length]) {
        length++;
    }
    while (length > 0 && ((unsigned char)first[length] & 0xC0) == 0x80) {
        length--;
    }
    return length;
}

static void add_quoted(struct text *text, const char *bytes, size_t size, char quote)
{
    for (size_t i = 0; i < size; i++) {
        const char *special = quote == '"' ? "\"$`\\" : NEEDS_BACKSLASH;
        if (quote == '\'' && bytes[i] == '\'') {
            text_append_string(text, "'\\'");
        } else if (quote != '\'' && strchr(special, bytes[i]) != NULL) {
            text_add(text, '\\');
        }
        text_add(text, bytes[i]);
    }
}

static void result_make(struct completion *completion, const struct word_found *word)
{
    struct text text = TEXT_EMPTY(&shell.scratch);
    size_t length = common_length(&completion->names);
    const char *name = completion->names.values[0];
    bool is_only = completion->names.count == 1;
    char quote = word->quote_is_inside ? '\0' : word->quote;

    if (word->closed != '\0') {
        text_add(&text, word->closed);
    }
    if (word->is_variable) {
        text_append(&text, name, length);
        text_append_string(&text, is_only && word->has_brace ? "}" : "");
    } else {
        add_quoted(&text, name, length, quote);
    }
    if (is_only && (length == 0 || name[length - 1] != '/')) {
        if (quote != '\0' && !word->is_variable) {
            text_add(&text, quote);
        }
        text_append_string(&text, word->is_variable && word->quote != '\0' ? "" : " ");
    }
    completion->start = word->start;
    completion->text = text_string(&text);
    completion->is_longer = length > word->typed.size - word->part || is_only;
}

bool completion_find(const char *line, size_t at, struct completion *completion_out)
{
    struct word_found word;
    struct completion completion = { 0 };

    word_find(&word, line, at);
    const char *typed = text_string(&word.typed);
    struct search search = { typed + word.part, word.typed.size - word.part, &completion.names };
    if (word.is_variable) {
        find_variables(&search);
    } else if (word.is_command && word.part == 0) {
        find_commands(&search);
    } else {
        find_files(&search, directory_of(typed + word.path, word.part - word.path));
    }
    if (completion.names.count == 0) {
        return false;
    }
    sort_strings(completion.names.values, completion.names.count);
    remove_doubles(&completion.names);
    result_make(&completion, &word);
    *completion_out = completion;
    return true;
}
