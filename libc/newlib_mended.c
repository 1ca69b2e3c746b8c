/* Functions of ISO C and POSIX that newlib 3.3.0 has under another name, or with mistakes. Those are left out (ports/newlib/replaced.list). */
#include <errno.h>
#include <math.h>
#include <reent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

char *_user_strerror(int error, int is_internal, int *problem);
int _unsetenv_r(struct _reent *reent, const char *name);

ssize_t getdelim(char **restrict text, size_t *restrict size, int delimiter, FILE *restrict file)
{
    return __getdelim(text, size, delimiter, file);
}

ssize_t getline(char **restrict text, size_t *restrict size, FILE *restrict file)
{
    return __getdelim(text, size, '\n', file);
}

/* newlib's takes an empty name. */
int setenv(const char *name, const char *value, int overwrite)
{
    if (name == NULL || *name == '\0') {
        errno = EINVAL;
        return -1;
    }
    return _setenv_r(_REENT, name, value, overwrite);
}

int unsetenv(const char *name)
{
    if (name == NULL || *name == '\0') {
        errno = EINVAL;
        return -1;
    }
    return _unsetenv_r(_REENT, name);
}

/* What strerror says of numbers that are no errors: newlib's says nothing. */
char *_user_strerror(int error, int is_internal, int *problem)
{
    static char unknown[] = "Unknown error";

    (void)error, (void)is_internal;
    *problem = EINVAL;
    return unknown;
}

/* newlib's say that the fraction of what is no number is 0. */
double modf(double number, double *whole_out)
{
    double whole = trunc(number);

    *whole_out = whole;
    return isinf(number) ? copysign(0, number) : copysign(number - whole, number);
}

float modff(float number, float *whole_out)
{
    float whole = truncf(number);

    *whole_out = whole;
    return isinf(number) ? copysignf(0, number) : copysignf(number - whole, number);
}
