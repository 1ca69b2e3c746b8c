/* Text: templates, strings, characters, patterns. */
#include "portable.h"

#include <ctype.h>
#include <fnmatch.h>
#include <regex.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <wchar.h>

static void say_templates(void)
{
    const char *volatile line = "this is a line that is longer than the buffer"; /* the compiler would warn of a constant */
    char text[32];

    printf("[%d] [%5d] [%-5d] [%05d] [%+d] [% d] [%.3d] [%x] [%X] [%#x] [%o] [%#o] [%u] [%c] [%s] [%.2s] [%10s] [%-10s] [%%]\n",
           42, 42, 42, 42, 42, 42, 7, 255, 255, 255, 8, 8, 4000000000U, 'x', "text", "text", "text", "text");
    printf("[%ld] [%lld] [%llu] [%hd] [%hhd] [%zu] [%jd] [%td] [%p]\n", -2147483647L, -9223372036854775807LL, 18446744073709551615ULL,
           (short)-5, (signed char)-6, (size_t)7, (intmax_t)-8, (ptrdiff_t)9, (void *)0x1234);
    printf("[%f] [%.0f] [%.10f] [%e] [%E] [%g] [%G] [%a] [%10.3f] [%-10.3f] [%+.2f] [%#.0f]\n", 3.14159265358979, 2.5, 1.0 / 3.0,
           12345.678, 0.00012345, 0.0001, 1e100, 1.5, 2.71828, 2.71828, 1.005, 3.0);
    printf("[%g] [%g] [%g] [%f] [%s]\n", 1.0 / 0.0, -1.0 / 0.0, 100000.0, 1e15, (char *)"end");
    printf("[%*d] [%-*d] [%.*f]\n", 6, 1, 6, 2, 2, 1.2345);
    int length = snprintf(text, sizeof text, "%s", line);
    printf("[%s] %d\n", text, length);
    printf("%1$s %2$d %1$s\n", "again", 5);
}

static void say_scanning(void)
{
    int number, hex, count;
    float small;
    double large;
    char word[16], set[16];

    count = sscanf(" 42 0x1f 1.5 2.25e3 word abc123", "%d %x %f %lf %15s %15[a-z]", &number, &hex, &small, &large, word, set);
    printf("scanned %d: %d %d %g %g %s %s\n", count, number, hex, (double)small, large, word, set);
    count = sscanf("12:34", "%d:%d%n", &number, &hex, &count) == 2 ? number * 100 + hex : -1;
    printf("%d %d %d\n", count, sscanf("", "%d", &number), sscanf("x", "%d", &number));
}

static void say_strings(void)
{
    char text[64] = "one,two;;three", *rest;

    for (char *part = strtok_r(text, ",;", &rest); part != NULL; part = strtok_r(NULL, ",;", &rest)) {
        printf("<%s>", part);
    }
    printf("\n%d %d %d %d\n", strcmp("a", "b") < 0, strncmp("abc", "abd", 2), strcasecmp("HeLLo", "hEllO"), memcmp("\xFF", "\1", 1) > 0);
    printf("%s %s %s %zu %zu\n", strstr("haystack with needle", "needle"), strchr("abc", 'b'), strrchr("abcabc", 'b'),
           strspn("aabbc", "ab"), strcspn("aabbc", "c"));
    strcpy(text, "0123456789");
    memmove(text + 2, text, 8);
    printf("%s %s\n", text, strpbrk("key=value", "=:"));
    char *copy = strdup("copied");
    printf("%s %zu %d\n", copy, strlen(copy), copy[6]);
    free(copy);
}

static void say_characters(void)
{
    unsigned classes = 0;

    for (int c = 0; c < 128; c++) {
        unsigned bits = (isalpha(c) != 0) | (isdigit(c) != 0) << 1 | (isspace(c) != 0) << 2 | (ispunct(c) != 0) << 3
                      | (isupper(c) != 0) << 4 | (iscntrl(c) != 0) << 5 | (isxdigit(c) != 0) << 6 | (isprint(c) != 0) << 7;
        classes = classes * 33 + bits;
    }
    printf("classes %u %c %c\n", classes, toupper('q'), tolower('Q'));
    wchar_t wide[16];
    printf("wide %zu %zu\n", mbstowcs(wide, "wide", 16), wcslen(wide));
}

static void say_patterns(void)
{
    regex_t expression;
    regmatch_t matches[3];

    printf("fnmatch %d %d %d %d\n", fnmatch("*.c", "main.c", 0), fnmatch("*.c", "main.h", 0) != 0, fnmatch("[a-m]?in", "main", 0) != 0,
           fnmatch("ma[!x-z]n", "main", 0));
    int result = regcomp(&expression, "([a-z]+)=([0-9]{1,3})", REG_EXTENDED);
    printf("regcomp %d", result);
    result = regexec(&expression, "  key=123456", 3, matches, 0);
    printf(" regexec %d: %d-%d %d-%d %d-%d\n", result, (int)matches[0].rm_so, (int)matches[0].rm_eo, (int)matches[1].rm_so,
           (int)matches[1].rm_eo, (int)matches[2].rm_so, (int)matches[2].rm_eo);
    printf("no match %d\n", regexec(&expression, "KEY=1", 0, NULL, 0) == REG_NOMATCH);
    regfree(&expression);
}

void say_text(void)
{
    say_templates();
    say_scanning();
    say_strings();
    say_characters();
    say_patterns();
}
