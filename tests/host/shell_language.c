/* The language of the shell: what commands become, and that their text, made of that again, is the same command. */
#include <stdlib.h>
#include <string.h>

#include "apps/shell/input.h"
#include "apps/shell/memory.h"
#include "apps/shell/parser.h"
#include "apps/shell/stack.h"
#include "apps/shell/unparse.h"
#include "test.h"

static struct arena arena;

/* Adds the text that each command in a text becomes, a line each. The error, or NULL. */
static const char *texts_of(const char *source, struct text *text)
{
    struct text_input input;
    struct lexer lexer;
    struct node *node;
    enum parsed parsed;

    text_input_begin(&input, source, strlen(source), 1);
    lexer_begin(&lexer, &input.input, &arena);
    while ((parsed = parser_read(&lexer, &node)) != PARSED_END && parsed != PARSED_ERROR) {
        if (parsed == PARSED) {
            unparse(node, text);
            if (text->size > 0 && text->bytes[text->size - 1] != '\n') { /* behind a here-document there is one */
                text_add(text, '\n');
            }
        }
    }
    lexer_end(&lexer);
    return parsed == PARSED_ERROR ? lexer.error : NULL;
}

/* A command has this text, and that one has it again. */
static void expect(const char *source, const char *expected)
{
    struct text first = TEXT_EMPTY(&arena), second = TEXT_EMPTY(&arena);
    const char *error = texts_of(source, &first);

    if (error != NULL) {
        FAIL("%s: %s", source, error);
    }
    error = texts_of(text_string(&first), &second);
    if (error != NULL || strcmp(text_string(&second), first.bytes) != 0) {
        FAIL("%s becomes %s, and that %s: %s", source, first.bytes, text_string(&second), error != NULL ? error : "no error");
    }
    if (strcmp(first.bytes, expected) != 0) {
        FAIL("%s becomes %s, not %s", source, first.bytes, expected);
    }
    arena_free(&arena);
}

static void expect_error(const char *source, const char *expected)
{
    struct text text = TEXT_EMPTY(&arena);
    const char *error = texts_of(source, &text);

    if (error == NULL || strcmp(error, expected) != 0) {
        FAIL("%s: \"%s\", not \"%s\"", source, error == NULL ? "no error" : error, expected);
    }
    arena_free(&arena);
}

static void words_keep_what_is_in_them(void)
{
    expect("echo a  b\t# c", "echo a b\n");
    expect("echo 'a b' \"c d\" e\\ f ''", "echo 'a b' 'c d' e' 'f ''\n");
    expect("echo $x ${x} \"$x\" a$x'b'", "echo ${x} ${x} \"${x}\" a${x}'b'\n");
    expect("echo ${x:-a b} \"${x:-a 'b' }\" ${x#'*'} \"${x%%*}\"", "echo ${x:-a b} \"${x:-a 'b' }\" ${x#'*'} \"${x%%*}\"\n");
    expect("echo ${#x} ${#} ${#-} $# $1 ${10} $10 \"$@\"", "echo ${#x} ${#} ${#-} ${#} ${1} ${10} ${1}0 \"${@}\"\n");
    expect("echo $(ls;pwd) \"$(a | b)\" `x \\`y\\``", "echo $( ls; pwd ) \"$( a | b )\" $( x $( y ) )\n");
    expect("echo $((1 + (2) * $x)) \"$((a))\"", "echo $((1 + (2) * ${x})) \"$((a))\"\n");
    expect("x=1 y=$z cmd a=b", "x=1 y=${z} cmd a=b\n");
    expect("x= y='' z", "x= y='' z\n");
    expect("echo it\\'s '\"' \"'\"", "echo it''\\'''s '\"' ''\\'''\n");
}

static void commands_keep_their_form(void)
{
    expect("a;b ; c", "a; b; c\n");
    expect("a && b||c & d", "a && b || c & d\n");
    expect("! a | b|c", "! a | b | c\n");
    expect("if a; then b; elif c; then d; else e; fi", "if a; then b; else if c; then d; else e; fi; fi\n");
    expect("while a\ndo b\nc\ndone", "while a; do b; c; done\n");
    expect("for i in a b;do c;done; for j do d; done", "for i in a b; do c; done; for j; do d; done\n");
    expect("case $x in a|b) c;; (d) ;; *) e; esac", "case ${x} in (a | b) c ;; (d) ;; (*) e ;; esac\n");
    expect("f ( ) { a; b & }", "f() { a; b & }\n");
    expect("(a;b) >c 2>&1", "( a; b ) 1>c 2>&1\n");
    expect("a\nb\n\n# c\nd", "a\nb\nd\n");
    expect("time a | b", "time a | b\n");
}

static void redirections_keep_their_order(void)
{
    expect("a <b >c >>d 2>e <>f >|g <&3 >&-", "a 0<b 1>c 1>>d 2>e 0<>f 1>|g 0<&3 1>&-\n");
    expect("{ a; } >b", "{ a; } 1>b\n");
    expect("cat <<E\nx $y\nE", "cat 0<<END\nx ${y}\nEND\n");
    expect("cat <<'E'\nx $y\nEND\nE", "cat 0<<\\END1\nx $y\nEND\nEND1\n");
    expect("cat <<A | cat <<B\n1\nA\n2\nB", "cat 0<<\\END |\n1\nEND\ncat 0<<\\END\n2\nEND\n");
    expect("if cat <<A\n1\nA\nthen b; fi", "if cat 0<<\\END\n1\nEND\nthen b; fi\n");
    expect("cat <<-A\n\tx\n\tA", "cat 0<<\\END\nx\nEND\n");
}

static void mistakes_are_named(void)
{
    expect_error("if a; then b", "the end instead of fi");
    expect_error("a )", ") instead of the end of the command");
    expect_error("a | | b", "| instead of a command");
    expect_error("done", "done instead of a command");
    expect_error("echo 'x", "the quote ' is not closed");
    expect_error("echo \"x", "the quote \" is not closed");
    expect_error("echo ${x", "${ is not closed");
    expect_error("echo ${x!}", "${x: behind a name stands }, or one of :- := :? :+ # %");
    expect_error("echo $((1)", "$(( needs )) at its end; a command in parentheses needs a blank before: $( (");
    expect_error("for 1 in a; do b; done", "1 instead of the name of a variable");
    expect_error("a >", "the end instead of the name of a file");
    expect_error("1x() { a; }", "1x cannot be the name of a function");
    expect_error("f() a", "a instead of {");
    expect_error("case a in b c) ;; esac", "c instead of ) behind the pattern");
    expect_error("{ a }", "the end instead of }");
    expect_error("echo $(a", "the end instead of the ) that closes $(");
}

static void what_has_no_end_is_known_to_go_on(void)
{
    static const char *const unfinished[] = { "if a", "while a; do", "a |", "a &&", "echo 'x", "echo \"x", "f() {", "case a in", "(a", "echo $(a" };

    for (unsigned i = 0; i < sizeof unfinished / sizeof unfinished[0]; i++) {
        struct text_input input;
        struct lexer lexer;
        struct node *node;
        text_input_begin(&input, unfinished[i], strlen(unfinished[i]), 1);
        lexer_begin(&lexer, &input.input, &arena);
        CHECK(parser_read(&lexer, &node) == PARSED_ERROR);
        if (!lexer.has_ended) {
            FAIL("%s seems to be wrong, not unfinished", unfinished[i]);
        }
        lexer_end(&lexer);
        arena_free(&arena);
    }
}

static void aliases_are_words_of_a_command(void)
{
    struct text text = TEXT_EMPTY(&arena);

    alias_set("ll", "ls -l");
    alias_set("ls", "ls -a");
    alias_set("run", "nice ");
    alias_set("begin", "if");
    alias_set("two", "echo 1\necho 2");
    CHECK(texts_of("ll x; run ll; echo ll; \\ll; 'll'; begin a; then b; fi; two", &text) == NULL);
    CHECK(strcmp(text_string(&text), "ls -a -l x; nice ls -a -l; echo ll; 'l'l; 'll'; if a; then b; fi; echo 1\necho 2\n") == 0);
    CHECK(alias_find_usable("ll") != NULL && alias_find("ll")->uses == 0);
    aliases_remove_all();
    arena_free(&arena);
}

/* However deep, it ends with an error: the stack is not used up. */
static void nesting_is_bounded(void)
{
    static const char *const openings[] = { "(", "{ ", "if ", "echo $(", "echo ${x:-", "echo \"$(", "f() { ", "! ", "while ", "case a in a) " };

    for (unsigned i = 0; i < sizeof openings / sizeof openings[0]; i++) {
        size_t length = strlen(openings[i]), count = 100000;
        char *source = malloc(length * count + 1);
        for (size_t k = 0; k < count; k++) {
            memcpy(source + k * length, openings[i], length + 1);
        }
        struct text text = TEXT_EMPTY(&arena);
        const char *error = texts_of(source, &text);
        if (error == NULL || strcmp(error, "nested too deeply") != 0) {
            FAIL("100000 times %s: %s", openings[i], error == NULL ? "no error" : error);
        }
        free(source);
        arena_free(&arena);
    }
}

static const struct test tests[] = {
    TEST(words_keep_what_is_in_them),
    TEST(commands_keep_their_form),
    TEST(redirections_keep_their_order),
    TEST(mistakes_are_named),
    TEST(what_has_no_end_is_known_to_go_on),
    TEST(aliases_are_words_of_a_command),
    TEST(nesting_is_bounded),
};

int main(void)
{
    stack_begin();
    return tests_run(tests, sizeof tests / sizeof tests[0]);
}
