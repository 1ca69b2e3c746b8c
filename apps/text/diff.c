/* diff: what must be done to the lines of a file to make another one of them. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <ternion/calendar.h>

#include "apps/command/command.h"
#include "apps/command/input.h"
#include "apps/command/output.h"
#include "apps/text/diff.h"

static const char help[] =
    "usage: diff [-qu] [-U LINES] FILE1 FILE2\n"
    "Tells in which lines two files differ; - is standard input, a directory the file in it that is called as the other one.\n"
    "Exit code 0: they are the same; 1: they differ; 2: trouble.\n"
    "  -q        only whether they do\n"
    "  -u        with three lines around, in the form that patch takes\n"
    "  -U LINES  the same with so many\n";

#define CONTEXT_USUAL 3U
#define CONTEXT_MAX 1000000U

/* Rows that are replaced, from one on up to another in each text. */
struct hunk {
    size_t left, left_end, right, right_end;
};

static struct text left, right;
static bool is_brief;
static size_t context = SIZE_MAX;    /* none: the plain form */

/* ---- The texts ---- */

static void read_text(struct text *text)
{
    struct input input;
    char *bytes;
    size_t size, room = 0;

    if (!input_begin(&input, text->name)) {
        exit(EXIT_MISUSED);
    }
    while ((size = input_bytes(&input, &bytes, INPUT_BUFFER_SIZE)) > 0) {
        if (room - text->size < size) {
            room = 2 * (text->size + size);
            text->bytes = command_memory_again(text->bytes, room);
        }
        memcpy(text->bytes + text->size, bytes, size);
        text->size += size;
    }
    input_end(&input);
    if (command.exit_code != EXIT_DONE) {
        exit(EXIT_MISUSED);
    }
}

/* FNV-1a, 32 bits. */
static uint32_t sum_of(const char *bytes, size_t size)
{
    uint32_t sum = 2166136261U;

    while (size-- > 0) {
        sum = (sum ^ (unsigned char)*bytes++) * 16777619U;
    }
    return sum;
}

static void make_rows(struct text *text)
{
    size_t room = 1;

    for (size_t i = 0; i < text->size; i++) {
        room += text->bytes[i] == '\n';
    }
    text->rows = command_memory(room * sizeof *text->rows);
    for (size_t at = 0; at < text->size;) {
        const char *start = text->bytes + at, *end = memchr(start, '\n', text->size - at);
        size_t size = end != NULL ? (size_t)(end - start) + 1 : text->size - at;
        text->rows[text->count++] = (struct row){ start, size, sum_of(start, size) };
        at += size;
    }
    text->is_changed = command_memory(text->count + 1);
    memset(text->is_changed, false, text->count + 1);
}

/* ---- What is told ---- */

static bool next_hunk(size_t left_at, size_t right_at, struct hunk *hunk)
{
    while (left_at < left.count && !left.is_changed[left_at] && !right.is_changed[right_at]) {
        left_at++, right_at++;
    }
    *hunk = (struct hunk){ left_at, left_at, right_at, right_at };
    while (left.is_changed[hunk->left_end]) {
        hunk->left_end++;
    }
    while (right.is_changed[hunk->right_end]) {
        hunk->right_end++;
    }
    return hunk->left_end > hunk->left || hunk->right_end > hunk->right;
}

static void print_rows(const char *before, const struct text *text, size_t from, size_t end)
{
    for (; from < end; from++) {
        const struct row *row = &text->rows[from];
        output_text(before);
        output_bytes(row->bytes, row->size);
        if (row->bytes[row->size - 1] != '\n') {
            output_text("\n\\ No newline at end of file\n");
        }
    }
}

/* 3,5; of one row 3; of none the one before. */
static void print_range(size_t from, size_t end)
{
    if (end > from + 1) {
        output_format("%u,", (unsigned)from + 1);
    }
    output_format("%u", (unsigned)end);
}

static void print_plain(void)
{
    struct hunk hunk = { 0 };

    while (next_hunk(hunk.left_end, hunk.right_end, &hunk)) {
        bool deletes = hunk.left_end > hunk.left, adds = hunk.right_end > hunk.right;
        print_range(hunk.left, hunk.left_end);
        output_byte(!adds ? 'd' : !deletes ? 'a' : 'c');
        print_range(hunk.right, hunk.right_end);
        output_byte('\n');
        print_rows("< ", &left, hunk.left, hunk.left_end);
        output_text(deletes && adds ? "---\n" : "");
        print_rows("> ", &right, hunk.right, hunk.right_end);
    }
}

static void print_head(const char *mark, const char *name)
{
    struct stat about = { 0 };
    struct calendar_time time;

    (void)(strcmp(name, "-") == 0 ? fstat(0, &about) : stat(name, &about));
    calendar_from_seconds(about.st_mtime, &time);
    output_format("%s %s\t%04d-%02u-%02u %02u:%02u:%02u.000000000 +0000\n", mark, name, (int)time.year, (unsigned)time.month, (unsigned)time.day,
                  (unsigned)time.hours, (unsigned)time.minutes, (unsigned)time.seconds);
}

static void print_unified_range(char mark, size_t from, size_t end)
{
    output_format(" %c%u", mark, (unsigned)(from + (end > from)));
    if (end != from + 1) {
        output_format(",%u", (unsigned)(end - from));
    }
}

/* Hunks whose surroundings touch, from the first on, as one. */
static struct hunk print_group(struct hunk hunk)
{
    struct hunk last = hunk, next;
    size_t before = hunk.left < context ? hunk.left : context;

    while (next_hunk(last.left_end, last.right_end, &next) && (next.left - last.left_end + 1) / 2 <= context) {
        last = next;
    }
    size_t behind = left.count - last.left_end < context ? left.count - last.left_end : context;
    output_text("@@");
    print_unified_range('-', hunk.left - before, last.left_end + behind);
    print_unified_range('+', hunk.right - before, last.right_end + behind);
    output_text(" @@\n");
    for (size_t at = hunk.left - before;; hunk = next) {
        print_rows(" ", &left, at, hunk.left);
        print_rows("-", &left, hunk.left, hunk.left_end);
        print_rows("+", &right, hunk.right, hunk.right_end);
        at = hunk.left_end;
        if (at == last.left_end && hunk.right_end == last.right_end) {
            break;
        }
        (void)next_hunk(hunk.left_end, hunk.right_end, &next);
    }
    print_rows(" ", &left, last.left_end, last.left_end + behind);
    return last;
}

static void print_unified(void)
{
    struct hunk hunk = { 0 };

    print_head("---", left.name);
    print_head("+++", right.name);
    while (next_hunk(hunk.left_end, hunk.right_end, &hunk)) {
        hunk = print_group(hunk);
    }
}

static void tell(void)
{
    bool is_binary = memchr(left.bytes, '\0', left.size) != NULL || memchr(right.bytes, '\0', right.size) != NULL;

    if (is_brief || is_binary) {
        output_format("%s %s and %s differ\n", is_brief ? "Files" : "Binary files", left.name, right.name);
        return;
    }
    make_rows(&left);
    make_rows(&right);
    diff_compare(&left, &right);
    if (context == SIZE_MAX) {
        print_plain();
    } else {
        print_unified();
    }
}

/* ---- The command line ---- */

static const char *path_of(const char *path, const char *other)
{
    struct stat about;
    bool is_directory = strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISDIR(about.st_mode);

    return is_directory ? command_path(path, command_last_part(other)) : path;
}

int main(int argc, char **argv)
{
    command_begin(argc, argv, "quU:", help);
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'q': is_brief = true; break;
        case 'u': context = context == SIZE_MAX ? CONTEXT_USUAL : context; break;
        case 'U': context = (size_t)command_number(command.value, CONTEXT_MAX, "-U"); break;
        }
    }
    command_expect(2, 2);
    left.name = path_of(command.operands[0], command.operands[1]);
    right.name = path_of(command.operands[1], command.operands[0]);
    read_text(&left);
    read_text(&right);
    bool differ = left.size != right.size || (left.size > 0 && memcmp(left.bytes, right.bytes, left.size) != 0);
    if (differ) {
        tell();
    }
    int code = command_end();
    return code != EXIT_DONE ? EXIT_MISUSED : differ ? EXIT_FAILED : EXIT_DONE;
}
