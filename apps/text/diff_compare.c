/*
 * E. W. Myers, An O(ND) Difference Algorithm and Its Variations, section 4b: from both ends at once, in linear space. A diagonal k
 * holds the points x - y = k, x of the left text, y of the right one.
 */
#include "apps/text/diff.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "apps/command/command.h"

#define EFFORT_MAX 2000L             /* differences; behind these it takes the best that it has */

struct part {
    size_t left, left_end, right, right_end;
};

static struct text *left, *right;
static long *forward, *backward;     /* the furthest x on each diagonal; diagonal 0 in the middle */

static bool is_same(size_t x, size_t y)
{
    const struct row *a = &left->rows[x], *b = &right->rows[y];

    return a->sum == b->sum && a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

/* A step further from the beginning, on one diagonal; -1: it leads out of the texts. */
static long step_forward(const struct part *part, long k, long d)
{
    long width = (long)(part->left_end - part->left), height = (long)(part->right_end - part->right);
    long x = k == -d || (k != d && forward[k - 1] < forward[k + 1]) ? forward[k + 1] : forward[k - 1] + 1;
    long y = x - k;

    if (x < 0 || y < 0 || x > width || y > height) {
        return LONG_MIN / 2;
    }
    while (x < width && y < height && is_same(part->left + (size_t)x, part->right + (size_t)y)) {
        x++, y++;
    }
    return x;
}

/* The same from the end. */
static long step_backward(const struct part *part, long k, long d)
{
    long width = (long)(part->left_end - part->left), height = (long)(part->right_end - part->right), middle = width - height;
    long x = k == middle + d || (k != middle - d && backward[k - 1] < backward[k + 1]) ? backward[k - 1] : backward[k + 1] - 1;
    long y = x - k;

    if (x < 0 || y < 0 || x > width || y > height) {
        return LONG_MAX / 2;
    }
    while (x > 0 && y > 0 && is_same(part->left + (size_t)x - 1, part->right + (size_t)y - 1)) {
        x--, y--;
    }
    return x;
}

/* The point that has come furthest from the beginning. */
static void best_so_far(long d, long *x_out, long *y_out)
{
    *x_out = *y_out = 0;
    for (long k = -d; k <= d; k += 2) {
        if (forward[k] >= 0 && 2 * forward[k] - k > *x_out + *y_out) {
            *x_out = forward[k];
            *y_out = forward[k] - k;
        }
    }
}

/* A point that a shortest way from the beginning of the part to its end goes through. */
static void find_middle(const struct part *part, long *x_out, long *y_out)
{
    long width = (long)(part->left_end - part->left), middle = width - (long)(part->right_end - part->right);
    bool is_odd = middle % 2 != 0;

    forward[1] = 0;
    backward[middle - 1] = width;
    for (long d = 0;; d++) {
        for (long k = -d; k <= d; k += 2) {
            forward[k] = step_forward(part, k, d);
            if (is_odd && k > middle - d && k < middle + d && forward[k] >= backward[k]) {
                *x_out = forward[k];
                *y_out = forward[k] - k;
                return;
            }
        }
        if (d == EFFORT_MAX) {
            best_so_far(d, x_out, y_out);
            return;
        }
        for (long k = middle - d; k <= middle + d; k += 2) {
            backward[k] = step_backward(part, k, d);
            if (!is_odd && k >= -d && k <= d && backward[k] <= forward[k]) {
                *x_out = backward[k];
                *y_out = backward[k] - k;
                return;
            }
        }
    }
}

static void compare(struct part part)
{
    long x, y;

    while (part.left < part.left_end && part.right < part.right_end && is_same(part.left, part.right)) {
        part.left++, part.right++;
    }
    while (part.left < part.left_end && part.right < part.right_end && is_same(part.left_end - 1, part.right_end - 1)) {
        part.left_end--, part.right_end--;
    }
    if (part.left == part.left_end || part.right == part.right_end) {
        memset(left->is_changed + part.left, true, part.left_end - part.left);
        memset(right->is_changed + part.right, true, part.right_end - part.right);
        return;
    }
    find_middle(&part, &x, &y);
    size_t left_middle = part.left + (size_t)x, right_middle = part.right + (size_t)y;
    compare((struct part){ part.left, left_middle, part.right, right_middle });
    compare((struct part){ left_middle, part.left_end, right_middle, part.right_end });
}

/* Rows that were put in between their like: the later ones are the new ones. */
static void slide_down(struct text *text)
{
    for (size_t start = 0, end; start < text->count; start = end + 1) {
        end = start;
        while (text->is_changed[end]) {
            end++;
        }
        while (end > start && end < text->count && text->rows[start].sum == text->rows[end].sum && text->rows[start].size == text->rows[end].size &&
               memcmp(text->rows[start].bytes, text->rows[end].bytes, text->rows[end].size) == 0) {
            text->is_changed[start++] = false;
            text->is_changed[end++] = true;
            while (text->is_changed[end]) {
                end++;
            }
        }
    }
}

void diff_compare(struct text *first, struct text *second)
{
    size_t longer = first->count > second->count ? first->count : second->count;
    size_t effort = (first->count + second->count) / 2 + 1; /* from each end, at the most */
    size_t diagonals = longer + (effort < EFFORT_MAX ? effort : EFFORT_MAX) + 2; /* to each side of the middle one */
    long *furthest = command_memory(2 * (2 * diagonals + 1) * sizeof *furthest);

    left = first;
    right = second;
    forward = furthest + diagonals;
    backward = forward + 2 * diagonals + 1;
    compare((struct part){ 0, first->count, 0, second->count });
    free(furthest);
    slide_down(first);
    slide_down(second);
}
