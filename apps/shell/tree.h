/*
 * What a command is once it has been read: words made of parts, and nodes. Made by the parser, in an arena, and changed by
 * nobody.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct node;
struct word;

enum part_kind { PART_LITERAL, PART_PARAMETER, PART_COMMAND, PART_ARITHMETIC };

enum parameter_operation {
    PARAMETER_VALUE,            /* ${x} */
    PARAMETER_LENGTH,           /* ${#x} */
    PARAMETER_DEFAULT,          /* ${x-word} */
    PARAMETER_ASSIGN,           /* ${x=word} */
    PARAMETER_ERROR,            /* ${x?word} */
    PARAMETER_ALTERNATIVE,      /* ${x+word} */
    PARAMETER_SHORT_PREFIX,     /* ${x#pattern} */
    PARAMETER_LONG_PREFIX,      /* ${x##pattern} */
    PARAMETER_SHORT_SUFFIX,     /* ${x%pattern} */
    PARAMETER_LONG_SUFFIX,      /* ${x%%pattern} */
};

struct part {
    struct part *next;
    enum part_kind kind;
    bool is_quoted;             /* neither split nor looked at for patterns */
    union {
        struct {
            const char *bytes;  /* with a NUL behind them */
            size_t size;
        } literal;
        struct {
            const char *name;   /* of a variable, "1", "@" */
            enum parameter_operation operation;
            bool minds_empty;   /* with a colon: empty counts as not set */
            struct word *argument;
        } parameter;
        struct node *command;   /* NULL: there is none in the parentheses */
        struct word *arithmetic;
    };
};

struct word {
    struct word *next;
    struct part *parts;
    bool has_effects;           /* expanding it may change a variable: ${x=1}, $((x=1)) */
};

struct assignment {
    struct assignment *next;
    const char *name;
    struct word *value;
};

enum redirection_kind {
    REDIRECT_READ,              /* < */
    REDIRECT_WRITE,             /* > */
    REDIRECT_OVERWRITE,         /* >| */
    REDIRECT_APPEND,            /* >> */
    REDIRECT_READ_WRITE,        /* <> */
    REDIRECT_COPY_INPUT,        /* <& */
    REDIRECT_COPY_OUTPUT,       /* >& */
    REDIRECT_HERE,              /* <<: target is the text itself */
};

struct redirection {
    struct redirection *next;
    enum redirection_kind kind;
    int descriptor;
    struct word *target;
};

enum node_kind {
    NODE_SIMPLE, NODE_PIPELINE, NODE_AND, NODE_OR, NODE_NOT, NODE_TIME, NODE_SEQUENCE, NODE_IF, NODE_LOOP, NODE_FOR, NODE_CASE,
    NODE_GROUP, NODE_SUBSHELL, NODE_FUNCTION,
};

/* A command of a sequence or pipeline. */
struct item {
    struct item *next;
    struct node *node;
    bool in_background;         /* & stands behind it */
};

struct case_item {
    struct case_item *next;
    struct word *patterns;
    struct node *body;          /* NULL: none */
};

struct node {
    enum node_kind kind;
    unsigned line;
    struct redirection *redirections;
    union {
        struct {
            struct assignment *assignments;
            struct word *words;
        } simple;
        struct item *items;     /* of a sequence or pipeline */
        struct {
            struct node *left;
            struct node *right;
        } pair;                 /* && || */
        struct node *body;      /* ! time { } ( ) */
        struct {
            struct node *condition;
            struct node *body;
            struct node *otherwise; /* NULL: none */
        } branch;
        struct {
            struct node *condition;
            struct node *body;
            bool until;
        } loop;
        struct {
            const char *name;
            struct word *words;
            bool has_words;     /* else it goes through "$@" */
            struct node *body;
        } each;
        struct {
            struct word *subject;
            struct case_item *items;
        } choice;
        struct {
            const char *name;
            struct node *body;
        } function;
    };
};
