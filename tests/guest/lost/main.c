/* A program of the shared library that falls in it: s\debug shall tell who has called whom, in both. */
#include <string.h>
#include <unistd.h>

static __attribute__((noinline)) size_t lost_inner(const char *nowhere)
{
    return strlen(nowhere) + 1;
}

static __attribute__((noinline)) size_t lost_outer(const char *nowhere)
{
    return lost_inner(nowhere) + 1;
}

int main(int argc, char **argv)
{
    (void)argv;
    return write(STDOUT_FILENO, "lost\n", 5) == 5 ? (int)lost_outer((const char *)(unsigned long)argc) : 1;
}
