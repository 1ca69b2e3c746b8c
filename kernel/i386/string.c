#include "string.h"

#include <stdint.h>

/* REP MOVS and REP STOS: fast on all i386 processors, and short. */

void *memcpy(void *restrict to, const void *restrict from, size_t size)
{
    void *target = to;
    size_t words = size / 4;
    size_t rest = size % 4;

    asm volatile("rep movsl\n\t"
                 "movl %3, %%ecx\n\t"
                 "rep movsb"
                 : "+D"(target), "+S"(from), "+c"(words)
                 : "r"(rest)
                 : "memory");
    return to;
}

void *memmove(void *to, const void *from, size_t size)
{
    uint8_t *target = to;
    const uint8_t *source = from;

    if (target <= source || target >= source + size) {
        return memcpy(to, from, size);
    }
    while (size > 0) {
        size--;
        target[size] = source[size];
    }
    return to;
}

void *memset(void *to, int value, size_t size)
{
    void *target = to;
    size_t words = size / 4;
    size_t rest = size % 4;
    uint32_t pattern = (uint8_t)value * 0x01010101U;

    asm volatile("rep stosl\n\t"
                 "movl %2, %%ecx\n\t"
                 "rep stosb"
                 : "+D"(target), "+c"(words)
                 : "r"(rest), "a"(pattern)
                 : "memory");
    return to;
}

int memcmp(const void *left, const void *right, size_t size)
{
    const uint8_t *a = left;
    const uint8_t *b = right;

    for (; size > 0; size--, a++, b++) {
        if (*a != *b) {
            return *a - *b;
        }
    }
    return 0;
}

size_t strlen(const char *string)
{
    size_t length = 0;

    while (string[length] != '\0') {
        length++;
    }
    return length;
}

int strcmp(const char *left, const char *right)
{
    while (*left != '\0' && *left == *right) {
        left++;
        right++;
    }
    return (uint8_t)*left - (uint8_t)*right;
}

int strncmp(const char *left, const char *right, size_t size)
{
    for (; size > 0; size--, left++, right++) {
        if (*left != *right || *left == '\0') {
            return (uint8_t)*left - (uint8_t)*right;
        }
    }
    return 0;
}
