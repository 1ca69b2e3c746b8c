/* diff: what it says is unchanged is the same in both texts, and as much as can be. */
#include <stdlib.h>
#include <string.h>

#include "apps/text/diff.h"
#include "test.h"

#define ROUNDS 3000U
#define FEW 12U
#define ROWS_MAX 60U

void *command_memory(size_t size)
{
    void *memory = malloc(size);

    CHECK(memory != NULL);
    return memory;
}

static struct text make_text(unsigned count, unsigned kinds)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    struct text text = { .rows = calloc(count + 1, sizeof *text.rows), .count = count, .is_changed = calloc(count + 1, 1) };

    for (unsigned i = 0; i < count; i++) {
        unsigned kind = random_below(kinds);
        text.rows[i] = (struct row){ &letters[kind % 26], 1, kind };
    }
    return text;
}

static void free_text(struct text *text)
{
    free(text->rows);
    free(text->is_changed);
}

/* Rows that are in both, in their order. */
static unsigned unchanged(const struct text *left, const struct text *right)
{
    unsigned count = 0;
    size_t i = 0, j = 0;

    for (;; i++, j++, count++) {
        while (left->is_changed[i]) {
            i++;
        }
        while (right->is_changed[j]) {
            j++;
        }
        if (i == left->count || j == right->count) {
            break;
        }
        CHECK_EQUAL(left->rows[i].sum, right->rows[j].sum);
    }
    CHECK(i == left->count && j == right->count);
    return count;
}

/* The length of the longest common subsequence, by the table. */
static unsigned longest(const struct text *left, const struct text *right)
{
    static unsigned table[ROWS_MAX + 1][ROWS_MAX + 1];

    for (size_t i = 1; i <= left->count; i++) {
        for (size_t j = 1; j <= right->count; j++) {
            unsigned up = table[i - 1][j], back = table[i][j - 1];
            bool is_same = left->rows[i - 1].sum == right->rows[j - 1].sum;
            table[i][j] = is_same ? table[i - 1][j - 1] + 1 : up > back ? up : back;
        }
    }
    return table[left->count][right->count];
}

static void as_few_rows_change_as_can_be(void)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned most = round % 50 == 0 ? ROWS_MAX : FEW, kinds = 1 + random_below(6);
        struct text left = make_text(random_below(most + 1), kinds), right = make_text(random_below(most + 1), kinds);
        diff_compare(&left, &right);
        CHECK_EQUAL(unchanged(&left, &right), longest(&left, &right));
        free_text(&left);
        free_text(&right);
    }
}

/* The search gives up looking for the best: what is left unchanged is still the same in both. */
static void long_texts_that_differ_take_little_time(void)
{
    struct text left = make_text(9000, 5000), right = make_text(7000, 5000);

    diff_compare(&left, &right);
    CHECK(unchanged(&left, &right) > 100);
    free_text(&left);
    free_text(&right);
}

static const struct test tests[] = {
    TEST(as_few_rows_change_as_can_be),
    TEST(long_texts_that_differ_take_little_time),
};

TEST_MAIN(tests)
