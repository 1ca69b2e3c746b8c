/* The kernel's formats against the C library's printf. */
#include "format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test.h"

#define ROUNDS 60000U
#define FORMAT_MAX 400

/* Letters, flags, width and precision of one conversion, behind some text. */
static void add_conversion(char *format, const char *length, char letter, bool zeroes_allowed)
{
    char *to = format + strlen(format);

    to += sprintf(to, "%s%%", random_one_in(3) ? "a, " : random_one_in(4) ? "%%" : "");
    if (random_one_in(3)) {
        *to++ = '-';
    }
    if (zeroes_allowed && random_one_in(2)) {
        *to++ = '0';
    }
    if (random_one_in(2)) {
        to += sprintf(to, "%u", random_below(random_one_in(8) ? 200 : 26) + 1);
    }
    if (letter == 's' && random_one_in(2)) {
        to += sprintf(to, ".%u", random_below(12));
    }
    sprintf(to, "%s%c", length, letter);
}

static int64_t random_64(void)
{
    return (int64_t)((uint64_t)random_edgy() << (random_one_in(2) ? 32 : 0) | random_edgy());
}

static void check(const char *got, uint32_t got_size, const char *wanted, uint32_t size, const char *format)
{
    if (got_size != strlen(wanted) || strcmp(got, wanted) != 0) {
        FAIL("\"%s\" of %u bytes gives \"%s\" (%u), not \"%s\"", format, size, got, got_size, wanted);
    }
}

/* The arguments are evaluated twice. */
#define COMPARE(size, format, ...) \
    do { \
        char *got_ = malloc(size); \
        char *wanted_ = malloc(size); \
        snprintf(wanted_, size, format, __VA_ARGS__); \
        uint32_t got_size_ = format_text(got_, size, format, __VA_ARGS__); \
        check(got_, got_size_, wanted_, size, format); \
        free(got_); \
        free(wanted_); \
    } while (0)

static void random_formats_give_what_the_c_library_gives(void)
{
    static const char *const words[] = { "", "x", "kernel", "d\\console", "a rather long text, as they come" };

    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t size = 1 + random_below(random_one_in(3) ? 12 : 500);
        char format[FORMAT_MAX] = "";

        add_conversion(format, "", 'd', true);
        add_conversion(format, "", 'u', true);
        add_conversion(format, random_one_in(2) ? "l" : random_one_in(2) ? "z" : "", 'x', true);
        add_conversion(format, "ll", 'd', true);
        add_conversion(format, "ll", 'u', true);
        add_conversion(format, "ll", 'x', true);
        add_conversion(format, "", 's', false);
        add_conversion(format, "", 'c', false);
        uint32_t numbers[3] = { random_edgy(), random_edgy(), random_edgy() };
        int64_t longs[3] = { random_64(), random_64(), random_64() };
        const char *word = words[random_below(5)];
        char letter = (char)(' ' + random_below(95));

        COMPARE(size, format, (int)numbers[0], numbers[1], numbers[2], longs[0], longs[1], longs[2], word, letter);
    }
}

static void edges_of_numbers_give_what_the_c_library_gives(void)
{
    static const int numbers[] = { 0, 1, -1, 9, 10, -10, INT32_MAX, INT32_MIN };
    static const long long long_numbers[] = { 0, -1, INT32_MIN, 1LL << 32, INT64_MAX, INT64_MIN };

    for (uint32_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        COMPARE(64, "%d|%5d|%-5d|%05d|%u|%x|%08x", numbers[i], numbers[i], numbers[i], numbers[i], (unsigned)numbers[i],
                (unsigned)numbers[i], (unsigned)numbers[i]);
    }
    for (uint32_t i = 0; i < sizeof long_numbers / sizeof long_numbers[0]; i++) {
        COMPARE(128, "%lld|%llu|%llx|%25lld|%025lld", long_numbers[i], (unsigned long long)long_numbers[i],
                (unsigned long long)long_numbers[i], long_numbers[i], long_numbers[i]);
    }
}

static void width_and_precision_come_as_arguments(void)
{
    for (int width = -12; width <= 12; width++) {
        for (int precision = -3; precision < 8; precision++) {
            COMPARE(64, "%*d|%-*d|%*s|%.*s", width, 77, width, -77, width, "four", precision, "eleven more");
            COMPARE(64, "%*.*s|%-*.*s", width, precision, "abcdef", width, precision, "uvwxyz");
        }
    }
}

/* As %.*s prints names, which have no NUL: not a byte behind the precision is read. */
static void string_is_read_no_further_than_its_precision(void)
{
    char *bytes = malloc(5);
    char text[32];

    memcpy(bytes, "abcde", 5);
    CHECK_EQUAL(format_text(text, sizeof text, "%.*s|%.3s", 5, bytes, bytes), 9);
    CHECK(strcmp(text, "abcde|abc") == 0);
    free(bytes);
}

static void pointer_is_eight_digits(void)
{
    char text[32];

    CHECK_EQUAL(format_text(text, sizeof text, "%p %p", (void *)0x80100ABCU, (void *)0), 21);
    CHECK(strcmp(text, "0x80100abc 0x00000000") == 0);
}

static void format_that_ends_early_ends_the_text(void)
{
    static const char *const formats[] = { "%", "a%", "%-", "%0", "%12", "%.", "%.3", "%l", "%ll", "%-012.3ll" };
    char text[64];

    for (uint32_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        char *format = strdup(formats[i]);

        CHECK(format_text(text, sizeof text, format, 1, 2, 3) <= 1);
        free(format);
    }
}

static void one_byte_is_room_for_the_nul(void)
{
    char *text = malloc(1);

    *text = 'x';
    CHECK_EQUAL(format_text(text, 1, "%s%d", "abc", 5), 0);
    CHECK_EQUAL(*text, '\0');
    free(text);
}

static const struct test tests[] = {
    TEST(random_formats_give_what_the_c_library_gives),
    TEST(edges_of_numbers_give_what_the_c_library_gives),
    TEST(width_and_precision_come_as_arguments),
    TEST(string_is_read_no_further_than_its_precision),
    TEST(pointer_is_eight_digits),
    TEST(format_that_ends_early_ends_the_text),
    TEST(one_byte_is_room_for_the_nul),
};
TEST_MAIN(tests)
