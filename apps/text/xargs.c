/* xargs: words of the input as arguments. */
#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: xargs [-0rt] [-n COUNT] [-I TEXT] [PROGRAM [ARGUMENT]...]\n"
    "Runs PROGRAM, or echo, with the words of standard input behind its arguments: as many as fit at a time.\n"
    "  -0        words end with NULs, not with blanks and line ends; quotes and backslashes are nothing special\n"
    "  -I TEXT   for each line once, in the place of TEXT in the arguments\n"
    "  -n COUNT  with at most so many words\n"
    "  -r        not at all if there are no words\n"
    "  -t        says on standard error what it runs\n"
    "Exit code 123: a PROGRAM failed; 127: it could not be started.\n";

#define EXIT_PROGRAM_FAILED 123
#define EXIT_NOT_STARTED 127
#define BYTES_MAX 65536U             /* of the words of one run */
#define WORDS_MAX 4096U
#define ROOM_FIRST 256U

static char **words;                 /* the program, its arguments, and what was read */
static int fixed, count;
static size_t bytes;
static bool ends_with_nul, says_it;
static const char *replaced;

/* The room doubles: a long word is copied few times. */
static void add(struct line *word, char byte)
{
    if (word->size == word->room) {
        word->room = word->room == 0 ? ROOM_FIRST : 2 * word->room;
        word->text = command_memory_again(word->text, word->room);
    }
    word->text[word->size++] = byte;
}

static void read_quoted(struct input *input, struct line *word, int quote)
{
    int byte;

    while ((byte = input_byte(input)) >= 0 && byte != quote) {
        add(word, (char)byte);
    }
    if (byte < 0) {
        command_error("a quote has no end");
        exit(EXIT_FAILED);
    }
}

static bool is_end(int byte)
{
    return ends_with_nul ? byte == '\0' : replaced != NULL ? byte == '\n' : byte == ' ' || byte == '\t' || byte == '\n';
}

/* The next word, or, for -I, line; false: there are no more. */
static bool read_word(struct input *input, struct line *word)
{
    bool has_word = false;
    int byte;

    word->size = 0;
    while ((byte = input_byte(input)) >= 0 && !(is_end(byte) && (has_word || ends_with_nul))) {
        if (is_end(byte)) {
            continue;
        }
        has_word = true;
        if (!ends_with_nul && (byte == '"' || byte == '\'')) {
            read_quoted(input, word, byte);
        } else if (!ends_with_nul && byte == '\\' && (byte = input_byte(input)) < 0) {
            break;
        } else {
            add(word, (char)byte);
        }
    }
    add(word, '\0');
    word->size--;
    return has_word || (ends_with_nul && byte >= 0);
}

static void run(void)
{
    int status;
    pid_t pid;

    words[count] = NULL;
    for (int i = 0; says_it && i < count; i++) {
        (void)write(STDERR_FILENO, words[i], strlen(words[i]));
        (void)write(STDERR_FILENO, i + 1 < count ? " " : "\n", 1);
    }
    (void)output_flush();
    int error = posix_spawnp(&pid, words[0], NULL, NULL, words, environ);
    if (error != 0) {
        errno = error;
        command_errno(words[0]);
        exit(EXIT_NOT_STARTED);
    }
    if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        command.exit_code = EXIT_PROGRAM_FAILED;
    }
    while (count > fixed) {
        free(words[--count]);
    }
    bytes = 0;
}

/* strstr, in less than its two kilobytes. NULL: it is not there. */
static const char *find_text(const char *in, const char *text)
{
    size_t size = strlen(text);

    for (in = strchr(in, *text); in != NULL && strncmp(in, text, size) != 0;) {
        in = strchr(in + 1, *text);
    }
    return in;
}

/* Each of the arguments with the word in the place of the text. */
static char *replace(const char *argument, const char *word)
{
    size_t size = strlen(replaced), word_size = strlen(word), room = strlen(argument) + 1;

    for (const char *at = argument; (at = find_text(at, replaced)) != NULL; at += size) {
        room += word_size;
    }
    char *made = command_memory(room), *to = made;
    for (const char *at; (at = find_text(argument, replaced)) != NULL; argument = at + size) {
        memcpy(to, argument, (size_t)(at - argument));
        to += at - argument;
        memcpy(to, word, word_size);
        to += word_size;
    }
    strcpy(to, argument);
    return made;
}

static void run_with(const char *word)
{
    char **arguments = command.operands;

    fixed = 0;
    for (count = 0; count < command.count; count++) {
        words[count] = replace(arguments[count], word);
    }
    run();
}

static void run_for_all(struct input *input, int most, bool not_for_none)
{
    struct line word = { 0 };
    bool has_run = false;

    while (read_word(input, &word)) {
        if (replaced != NULL) {
            run_with(word.text);
            continue;
        }
        if (count - fixed == most || (count > fixed && bytes + word.size >= BYTES_MAX)) {
            run();
            has_run = true;
        }
        words[count++] = command_copy(word.text);
        bytes += word.size + 1;
    }
    if (replaced == NULL && (count > fixed || (!has_run && !not_for_none))) {
        run();
    }
}

int main(int argc, char **argv)
{
    static char echo[] = "echo", *only_echo[] = { echo, NULL };
    int most = WORDS_MAX;
    bool not_for_none = false;
    struct input input;

    command_begin(argc, argv, "+0rtn:I:", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case '0': ends_with_nul = true; break;
        case 'I': replaced = command.value; break;
        case 'n': most = (int)command_number(command.value, WORDS_MAX, "-n"); break;
        case 'r': not_for_none = true; break;
        case 't': says_it = true; break;
        }
    }
    if (most == 0 || (replaced != NULL && *replaced == '\0')) {
        command_misused("-n 0 and an empty -I lead nowhere");
    }
    if (command.count == 0) {
        command.operands = only_echo;
        command.count = 1;
    }
    words = command_memory(((size_t)command.count + WORDS_MAX + 1) * sizeof *words);
    memcpy(words, command.operands, (size_t)command.count * sizeof *words);
    fixed = count = command.count;
    if (input_begin(&input, "-")) {
        run_for_all(&input, most, not_for_none);
    }
    return command_end();
}
