/* Fuzzes the shell's parser: whatever it takes for commands has a text, and that is the same commands again. */
#include <stdlib.h>
#include <string.h>

#include "apps/shell/input.h"
#include "apps/shell/memory.h"
#include "apps/shell/parser.h"
#include "apps/shell/pattern.h"
#include "apps/shell/stack.h"
#include "apps/shell/unparse.h"
#include "fuzz.h"
#include "test.h"

static struct arena arena;

/* Adds the texts of all commands up to the first mistake. False: there was one. */
static bool texts_of(const char *bytes, size_t size, struct text *text)
{
    struct text_input input;
    struct lexer lexer;
    struct node *node;
    enum parsed parsed;

    text_input_begin(&input, bytes, size, 1);
    lexer_begin(&lexer, &input.input, &arena);
    while ((parsed = parser_read(&lexer, &node)) != PARSED_END && parsed != PARSED_ERROR) {
        if (parsed == PARSED) {
            unparse(node, text);
            if (text->size > 0 && text->bytes[text->size - 1] != '\n') { /* behind a here-document there is one */
                text_add(text, '\n');
            }
        }
    }
    CHECK((parsed == PARSED_ERROR) == (lexer.error != NULL));
    lexer_end(&lexer);
    return parsed != PARSED_ERROR;
}

/* Patterns: the first half of the input, against the second. */
static void try_pattern(const char *bytes, size_t size)
{
    size_t half = size / 2;
    char *quoted = calloc(half + 1, 1);
    struct pattern pattern = { bytes, quoted, half };

    (void)pattern_fits(&pattern, bytes + half, size - half);
    memset(quoted, 1, half);
    CHECK(pattern_fits(&pattern, bytes, half));
    free(quoted);
}

static int try(const uint8_t *bytes, size_t size)
{
    struct text first = TEXT_EMPTY(&arena), second = TEXT_EMPTY(&arena);
    char *copy = malloc(size + 1);

    stack_begin();
    memcpy(copy, bytes, size);
    try_pattern(copy, size);
    if (memchr(copy, '\0', size) == NULL && texts_of(copy, size, &first)) {
        CHECK(texts_of(first.bytes, first.size, &second));
        CHECK(first.size == second.size && (first.size == 0 || memcmp(first.bytes, second.bytes, first.size) == 0));
    }
    free(copy);
    arena_free(&arena);
    return 0;
}

static size_t seed(uint32_t number, uint8_t *bytes)
{
    static const char *const texts[] = {
        "if a; then b; elif c; then d; else e; fi\n", "while a; do b; done; until c\ndo d\ndone\n", "for i in a \"b c\" $d; do e; done; for j; do k; done\n",
        "case $x in a|b) c;; (d*) e; esac\n", "f() { a | b && ! c || d & }\n", "x=1 y=${z:-a b} cmd >f 2>&1 <g\n",
        "echo \"a $b ${c#*/} $(d `e`) $((1 + (2)))\" 'f' \\g\n", "cat <<A <<'B'\n$x\nA\n$y\nB\n", "(a; { b; }) | time c # d\n",
        "${#x} ${#} ${##x} ${x%%\"}\"} \"${x:-'}'}\" ${1:?e} $? $$ $! $@\n", "[[:alpha:]-z]*?[!a]bcdef",
    };

    if (number == sizeof texts / sizeof texts[0]) {
        return 0;
    }
    memcpy(bytes, texts[number], strlen(texts[number]));
    return strlen(texts[number]);
}

int main(int argc, char **argv)
{
    static const struct fuzzer fuzzer = { "commands_and_their_texts_are_the_same", 4, 256, try, seed };

    return fuzz(&fuzzer, argc, argv);
}
