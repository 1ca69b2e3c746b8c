/* ISO C's string functions, small rather than fast; copying and filling stand in i386/memory.asm. */
#include <ternion/string.h>

/* Weak, so that a C library linked beside libos brings its own without a clash. */
#define WEAK __attribute__((weak))

WEAK int memcmp(const void *left, const void *right, size_t size)
{
    const unsigned char *a = left;
    const unsigned char *b = right;

    for (; size != 0; a++, b++, size--) {
        if (*a != *b) {
            return *a - *b;
        }
    }
    return 0;
}

WEAK void *memchr(const void *memory, int value, size_t size)
{
    const unsigned char *byte = memory;

    for (; size != 0; byte++, size--) {
        if (*byte == (unsigned char)value) {
            return (void *)byte;
        }
    }
    return NULL;
}

WEAK size_t strlen(const char *text)
{
    const char *end = text;

    while (*end != '\0') {
        end++;
    }
    return (size_t)(end - text);
}

WEAK size_t strnlen(const char *text, size_t size_max)
{
    size_t size = 0;

    while (size < size_max && text[size] != '\0') {
        size++;
    }
    return size;
}

WEAK int strcmp(const char *left, const char *right)
{
    while (*left != '\0' && *left == *right) {
        left++;
        right++;
    }
    return (unsigned char)*left - (unsigned char)*right;
}

WEAK int strncmp(const char *left, const char *right, size_t size_max)
{
    for (; size_max != 0; left++, right++, size_max--) {
        if (*left != *right) {
            return (unsigned char)*left - (unsigned char)*right;
        }
        if (*left == '\0') {
            break;
        }
    }
    return 0;
}

WEAK char *strchr(const char *text, int character)
{
    for (;; text++) {
        if (*text == (char)character) {
            return (char *)text;
        }
        if (*text == '\0') {
            return NULL;
        }
    }
}

WEAK char *strrchr(const char *text, int character)
{
    const char *last = NULL;

    for (;; text++) {
        if (*text == (char)character) {
            last = text;
        }
        if (*text == '\0') {
            return (char *)last;
        }
    }
}
