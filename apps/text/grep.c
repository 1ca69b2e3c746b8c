/* grep: lines in which a pattern is found. */
#include <errno.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "apps/command/command.h"
#include "apps/command/directory.h"
#include "apps/command/input.h"
#include "apps/command/output.h"

static const char help[] =
    "usage: grep [-cEFhHilnoqrsvwx] PATTERN [FILE]...\n"
    "       grep [-cEFhHilnoqrsvwx] -e PATTERN [-e PATTERN]... [FILE]...\n"
    "Writes the lines in which a pattern is found: a basic regular expression of POSIX. Without a FILE, or for -, those of standard input.\n"
    "Exit code 0: a line was found; 1: none; 2: trouble.\n"
    "  -c  how many lines it were          -o  what was found, not the line\n"
    "  -E  an extended expression          -q  nothing: the exit code tells\n"
    "  -F  plain text                      -r  directories with all below\n"
    "  -h  without names of files          -s  nothing of files that cannot be read\n"
    "  -H  with names of files             -v  lines in which it is not found\n"
    "  -i  small and capital letters same  -w  whole words\n"
    "  -l  names of files only             -x  whole lines\n"
    "  -n  with numbers of lines\n";

struct pattern {
    const char *text;
    size_t size;
    bool is_plain;
    regex_t expression;              /* else */
};

static struct pattern *patterns;
static size_t pattern_count;
static bool counts, extended, plain, ignores_case, names_only, numbers, found_only, quiet, recursive, silent, inverted, words, whole;
static int with_names = -1;          /* -1: if there are several files */
static bool has_found, has_trouble;

/* ---- Is it there? ---- */

static bool is_word_byte(char byte)
{
    return byte == '_' || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
}

static bool find_plain(const struct pattern *pattern, const char *line, size_t from, size_t end, regmatch_t *match)
{
    size_t size = pattern->size;

    for (; end - from >= size; from++) {
        const char *at = line + from;
        if ((ignores_case ? strncasecmp(at, pattern->text, size) : memcmp(at, pattern->text, size)) == 0) {
            match->rm_so = (regoff_t)from;
            match->rm_eo = (regoff_t)(from + size);
            return true;
        }
        if (from == end) {
            break;
        }
    }
    return false;
}

/* In a part of a line, which need not end with a NUL: so nobody looks for its end at each place in it. */
static bool find_expression(const struct pattern *pattern, const char *line, size_t from, size_t end, regmatch_t *match)
{
    *match = (regmatch_t){ .rm_so = (regoff_t)from, .rm_eo = (regoff_t)end };
    return regexec(&pattern->expression, line, 1, match, REG_STARTEND | (from > 0 ? REG_NOTBOL : 0)) == 0;
}

/* The first place of a pattern from `from` on, of a line with `end` bytes; a word or a line may have to be looked for further on. */
static bool find_pattern(const struct pattern *pattern, const char *line, size_t from, size_t end, regmatch_t *match)
{
    for (;;) {
        if (pattern->is_plain ? !find_plain(pattern, line, from, end, match) : !find_expression(pattern, line, from, end, match)) {
            return false;
        }
        bool is_word = (match->rm_so == 0 || !is_word_byte(line[match->rm_so - 1])) && !is_word_byte(line[match->rm_eo]);
        bool is_line = match->rm_so == 0 && (size_t)match->rm_eo == end;
        if ((!words || is_word) && (!whole || is_line)) {
            return true;
        }
        if ((size_t)match->rm_so == end) {
            return false;
        }
        from = (size_t)match->rm_so + 1;
    }
}

/* Of all patterns' first places the first; of several that begin there the longest. */
static bool find(const char *line, size_t from, size_t end, regmatch_t *match)
{
    bool is_found = false;

    for (size_t i = 0; i < pattern_count; i++) {
        regmatch_t other;

        if (find_pattern(&patterns[i], line, from, end, &other)
            && (!is_found || other.rm_so < match->rm_so || (other.rm_so == match->rm_so && other.rm_eo > match->rm_eo))) {
            *match = other;
            is_found = true;
        }
    }
    return is_found;
}

/* ---- Files ---- */

static void print_prefix(const struct input *input, unsigned long line_number)
{
    if (with_names > 0) {
        output_format("%s:", input->name);
    }
    if (numbers) {
        output_format("%lu:", line_number);
    }
}

static void print_found(const struct input *input, unsigned long line_number, const struct line *line)
{
    regmatch_t match;

    for (size_t from = 0; find(line->text, from, line->size, &match); from = (size_t)match.rm_eo + (match.rm_eo == match.rm_so)) {
        if (match.rm_eo > match.rm_so) {
            print_prefix(input, line_number);
            output_bytes(line->text + match.rm_so, (size_t)(match.rm_eo - match.rm_so));
            output_byte('\n');
        }
        if ((size_t)match.rm_eo == line->size) {
            return;
        }
    }
}

static void print_line(const struct input *input, unsigned long line_number, const struct line *line)
{
    if (found_only) {
        if (!inverted) {
            print_found(input, line_number, line);
        }
        return;
    }
    print_prefix(input, line_number);
    output_bytes(line->text, line->size);
    output_byte('\n');
}

static void search(struct input *input)
{
    static struct line line;
    unsigned long line_number = 0, found = 0;
    regmatch_t match;

    while (!(found > 0 && (quiet || names_only)) && input_line(input, &line)) {
        line_number++;
        line_strip(&line);
        if (find(line.text, 0, line.size, &match) == inverted) {
            continue;
        }
        found++;
        if (!counts && !quiet && !names_only) {
            print_line(input, line_number, &line);
        }
    }
    if (counts && !quiet && !names_only) {
        output_format(with_names > 0 ? "%s:%lu\n" : "%.0s%lu\n", input->name, found);
    }
    if (names_only && found > 0 && !quiet) {
        output_format("%s\n", input->name);
    }
    has_found |= found > 0;
}

static void search_path(const char *path)
{
    struct input input;
    struct stat about;

    if (strcmp(path, "-") != 0 && stat(path, &about) < 0) {
        has_trouble = true;
        if (!silent) {
            command_errno(path);
        }
        return;
    }
    if (strcmp(path, "-") != 0 && S_ISDIR(about.st_mode)) {
        command_error("%s: is a directory: -r searches those", path);
        return;
    }
    if (input_begin(&input, path)) {
        search(&input);
        input_end(&input);
    }
}

static bool search_below(const struct visit *visit)
{
    if (visit->what == VISIT_FILE) {
        search_path(visit->path);
    }
    return true;
}

/* ---- The command line ---- */

static void add_pattern(const char *text)
{
    struct pattern *more = realloc(patterns, (pattern_count + 1) * sizeof *patterns);

    if (more == NULL) {
        command_misused("there is no memory for so many patterns");
    }
    patterns = more;
    patterns[pattern_count++] = (struct pattern){ .text = text, .size = strlen(text) };
}

static void read_options(void)
{
    for (int letter; (letter = command_option()) != 0;) {
        switch (letter) {
        case 'c': counts = true; break;
        case 'E': extended = true; break;
        case 'e': add_pattern(command.value); break;
        case 'F': plain = true; break;
        case 'h': with_names = 0; break;
        case 'H': with_names = 1; break;
        case 'i': ignores_case = true; break;
        case 'l': names_only = true; break;
        case 'n': numbers = true; break;
        case 'o': found_only = true; break;
        case 'q': quiet = true; break;
        case 'r': recursive = true; break;
        case 's': silent = true; break;
        case 'v': inverted = true; break;
        case 'w': words = true; break;
        case 'x': whole = true; break;
        }
    }
    if (pattern_count == 0) {
        command_expect(1, 1000000);
        add_pattern(*command.operands++);
        command.count--;
    }
}

/* regerror brings all of printf along. */
static const char *regex_meaning(int error)
{
    switch (error) {
    case REG_EBRACK: return "a [ has no ]";
    case REG_EPAREN: return "a ( has no ), or a ) no (";
    case REG_EBRACE: return "a { has no }";
    case REG_BADBR: return "between { and } there are no numbers";
    case REG_BADRPT: return "there is nothing to repeat";
    case REG_ERANGE: return "a range goes backwards";
    case REG_ECTYPE: return "there is no such class";
    case REG_EESCAPE: return "nothing stands behind the last \\";
    case REG_ESUBREG: return "there is no such part to refer to";
    case REG_ESPACE: return "there is no memory for it";
    default: return "is no regular expression";
    }
}

static void compile_pattern(struct pattern *pattern)
{
    pattern->is_plain = plain || pattern->size == 0;     /* which is in every line; regcomp does not take it */
    int flags = (extended ? REG_EXTENDED : 0) | (ignores_case ? REG_ICASE : 0);
    int error = pattern->is_plain ? 0 : regcomp(&pattern->expression, pattern->text, flags);

    if (error != 0) {
        command_misused("%s: %s", pattern->text, regex_meaning(error));
    }
}

int main(int argc, char **argv)
{
    static char here[] = ".", standard[] = "-", *only_here[] = { here, NULL }, *only_standard[] = { standard, NULL };

    command_begin(argc, argv, "cEe:FhHilnoqrsvwx", help);
    read_options();
    for (size_t i = 0; i < pattern_count; i++) {
        compile_pattern(&patterns[i]);
    }
    if (with_names < 0) {
        with_names = command.count > 1 || recursive;
    }
    if (command.count == 0) {
        command.operands = recursive ? only_here : only_standard;
        command.count = 1;
    }
    for (int i = 0; i < command.count && !(quiet && has_found); i++) {
        if (recursive && strcmp(command.operands[i], "-") != 0) {
            tree_walk(command.operands[i], search_below);
        } else {
            search_path(command.operands[i]);
        }
    }
    has_trouble |= command_end() != EXIT_DONE;
    return quiet && has_found ? EXIT_DONE : has_trouble ? EXIT_MISUSED : has_found ? EXIT_DONE : EXIT_FAILED;
}
