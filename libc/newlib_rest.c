/* What newlib's own functions call and nothing here provides: users, who are not there, and character sets of which there is one. */
#include <assert.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wctype.h>

#define ASSERTION_SIZE 256U

struct __locale_t;
struct _reent;
wint_t _jp2uc_l(wint_t character, struct __locale_t *locale);
wint_t _uc2jp_l(wint_t character, struct __locale_t *locale);
int _remove_r(struct _reent *reent, const char *path);

/* Wide characters are what they are. */
wint_t _jp2uc_l(wint_t character, struct __locale_t *locale)
{
    (void)locale;
    return character;
}

wint_t _uc2jp_l(wint_t character, struct __locale_t *locale)
{
    (void)locale;
    return character;
}

int _remove_r(struct _reent *reent, const char *path)
{
    (void)reent;
    return remove(path);
}

/* glob's "~". */
struct passwd *getpwnam(const char *name)
{
    (void)name;
    return NULL;
}

struct passwd *getpwuid(uid_t user)
{
    (void)user;
    return NULL;
}

char *getlogin(void)
{
    return NULL;
}

int issetugid(void)
{
    return 0;
}

/* There are no tables of another order of characters than their numbers. */
extern const int __collate_load_error;
const int __collate_load_error = 1;

/* Without printf, which a program with an assertion may not need otherwise. */
void __assert_func(const char *file, int line, const char *function, const char *expression)
{
    char number[12], text[ASSERTION_SIZE] = "";
    const char *const parts[] = {
        "assertion \"", expression, "\" failed: file \"", file, "\", line ", itoa(line, number, 10), function != NULL ? ", function: " : "",
        function != NULL ? function : "",
    };

    for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        (void)strlcat(text, parts[i], sizeof text - 1);
    }
    strcat(text, "\n");
    (void)write(STDERR_FILENO, text, strlen(text));
    abort();
}

void __assert(const char *file, int line, const char *expression)
{
    __assert_func(file, line, NULL, expression);
}
