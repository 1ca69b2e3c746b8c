/* Numbers: conversions, arithmetic, mathematical functions. */
#include "portable.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void say_conversions(void)
{
    static const char *const doubles[] = { "1.5", "-0.1", "1e308", "1e309", "1e-400", "0x1.8p3", "inf", "nan", "12abc", ".",
                                           "123456789.123456789", "2.2250738585072014e-308", "9007199254740993" };
    static const char *const integers[] = { "0", "-42", "2147483648", "-2147483649", "0x7f", "077", "zz", "99999999999999999999" };
    char *end;

    for (size_t i = 0; i < sizeof doubles / sizeof doubles[0]; i++) {
        errno = 0;
        double value = strtod(doubles[i], &end);
        printf("strtod %s: %.17g, %d left, range %d\n", doubles[i], isnan(value) ? 0.0 : value, (int)(doubles[i] + 3 - end) < 3,
               errno == ERANGE);
    }
    for (size_t i = 0; i < sizeof integers / sizeof integers[0]; i++) {
        errno = 0;
        long value = strtol(integers[i], &end, 0);
        int range = errno == ERANGE;
        errno = 0;
        printf("strtol %s: %ld at %d, range %d; %llu %d\n", integers[i], value, (int)(end - integers[i]), range,
               strtoull(integers[i], NULL, 10), errno == ERANGE);
    }
    printf("%ld %d %ld %g\n", strtol("zz", NULL, 36), atoi("  -17x"), atol("123"), atof("0.125"));
}

static void say_arithmetic(void)
{
    volatile long long big = 1234567890123456789LL, small = -987654321;
    volatile unsigned long long huge = 18000000000000000000ULL;
    div_t quotient = div(-7, 2);
    lldiv_t long_quotient = lldiv(big, small);

    printf("%lld %lld %lld %llu %llu\n", big / small, big % small, big * 3, huge / 7, huge % 1000000007ULL);
    printf("%d %d %lld %lld %d\n", quotient.quot, quotient.rem, long_quotient.quot, long_quotient.rem, abs(-5));
    printf("%.10g %.10g %lld %llu\n", (double)big, (double)huge, (long long)-1.5e18, (unsigned long long)1.7e19);
}

/* Twelve digits: the last one or two of a double may differ between libraries. */
static void say_mathematics(void)
{
    static const double values[] = { 0.001, 0.1, 0.5, 0.75, 1.0, 2.0, 3.25, 10.0, 100.5, 1e5 };

    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        double x = values[i];
        printf("%g: %.12g %.12g %.12g %.12g %.12g %.12g", x, sqrt(x), exp(-x), log(x), log10(x), sin(x), cos(x));
        printf(" %.12g %.12g %.12g %.12g", tan(x), atan(x), pow(x, 1.75), cbrt(x));
        printf(" %.12g %.12g %.12g\n", sinh(x < 10 ? x : 1), tanh(x), x <= 1 ? asin(x) + acos(x) : hypot(x, 3));
    }
    for (double x = -2.5; x <= 2.5; x += 0.5) {
        int exponent;
        double whole, part = modf(x, &whole), fraction = frexp(x, &exponent);
        printf("%g: %g %g %g %g %g, %g %g, %g %d, %g %g\n", x, floor(x), ceil(x), trunc(x), round(x), rint(x), whole, part, fraction,
               exponent, fmod(x, 0.75), ldexp(x, 3));
    }
    printf("%d %d %d %d %g %g\n", isnan(NAN) != 0, isinf(INFINITY) != 0, isfinite(1.0) != 0, signbit(-0.0) != 0, fmax(1, 2), fabs(-3.5));
    printf("%.9g %.9g %.9g %.12g %.12g\n", (double)sqrtf(2.0F), (double)sinf(0.5F), (double)powf(2.0F, 0.5F), tgamma(5.5), erf(0.5));
}

void say_numbers(void)
{
    say_conversions();
    say_arithmetic();
    say_mathematics();
}
