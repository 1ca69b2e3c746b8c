#include <ternion/lock.h>
#include <ternion/memory.h>
#include <ternion/string.h>

#include "history.h"

struct line {
    uint8_t level;
    uint16_t size;
    char text[];
};

static struct lock lock;     /* protects everything below but capacity, which is constant */
static uint32_t capacity;
static struct line **lines;  /* line number N is at N % capacity */
static uint32_t oldest = 1;  /* number of the oldest line kept; newest + 1: none is */
static uint32_t newest;

bool history_open(uint32_t capacity_lines)
{
    capacity = capacity_lines;
    lines = calloc(capacity, sizeof *lines);
    return lines != NULL;
}

static void drop_oldest(void)
{
    free(lines[oldest % capacity]);
    lines[oldest % capacity] = NULL;
    oldest++;
}

/* A line takes the memory that older ones give back, if need be. */
static struct line *line_create(uint32_t size)
{
    for (;;) {
        struct line *line = malloc(sizeof *line + size);
        if (line != NULL || oldest > newest) {
            return line;
        }
        drop_oldest();
    }
}

void history_add(log_level_t level, const char *text, uint32_t size)
{
    lock_acquire(&lock);
    if (newest - oldest + 1 == capacity) {
        drop_oldest();
    }
    struct line *line = line_create(size);
    newest++; /* a line that found no memory has a number too: it is counted as lost */
    if (line != NULL) {
        line->level = (uint8_t)level;
        line->size = (uint16_t)size;
        memcpy(line->text, text, size);
        lines[newest % capacity] = line;
    } else {
        oldest = newest + 1;
    }
    lock_release(&lock);
}

uint32_t history_last(void)
{
    lock_acquire(&lock);
    uint32_t number = newest;
    lock_release(&lock);
    return number;
}

bool history_next(uint32_t after, log_level_t level, struct log_line *line_out)
{
    bool found = false;

    lock_acquire(&lock);
    uint32_t number = after + 1;
    line_out->lost = number < oldest ? oldest - number : 0;
    if (number < oldest) {
        number = oldest;
    }
    for (; number <= newest; number++) {
        const struct line *line = lines[number % capacity];
        if (line->level <= level) {
            line_out->number = number;
            line_out->level = line->level;
            line_out->size = line->size;
            memcpy(line_out->text, line->text, line->size);
            line_out->text[line->size] = '\0';
            found = true;
            break;
        }
    }
    lock_release(&lock);
    return found;
}
