/*
 * Partners: whoever's role is not among them is out of reach, by messages, calls, pipes, shared memory and the log; and who tries
 * has a strike. All processes here may speak to the test, whose role is none.
 */
#include <ternion/process.h>
#include <ternion/string.h>
#include <ternion/system.h>

#include "call_state.h"
#include "files.h"
#include "log_lines.h"
#include "peer.h"

#define OWN_ROLE ROLE_INPUT      /* of who tries */
#define OTHER_ROLE ROLE_STORAGE  /* of who is tried */

/* An access with a role, and partners beside the test. */
static struct access access_with(uint32_t role, uint32_t partners)
{
    struct access access = test_access;

    access.role = role;
    access.partners = ROLE_BIT(ROLE_NONE) | ROLE_BIT(ROLE_LOG) | partners;
    access.rights = 0;
    access.strikes = 100;
    return access;
}

static uint32_t strikes_of(process_id_t id)
{
    struct process_information information;

    EXPECT_OK(process_information(id, &information));
    return information.strikes;
}

/* The status of a try, and whether it was a strike. */
#define EXPECT_TRY(expected, is_strike, call) \
    do { \
        uint32_t strikes_before = strikes_of(SELF); \
        EXPECT_STATUS(expected, call); \
        EXPECT_EQUAL(strikes_before + (is_strike), strikes_of(SELF)); \
    } while (0)

static process_id_t start_server(uint32_t role, uint32_t partners)
{
    struct access access = access_with(role, partners);
    process_id_t server;

    EXPECT_OK(test_spawn_with(CLASS_SERVER, &access, "words_server", &server, NULL));
    return server;
}

/* ---- Messages and calls ---- */

static status_t send_nothing(process_id_t to)
{
    struct message message = { .words = { 0 } };

    return message_send(to, &message);
}

static status_t call_long(process_id_t to)
{
    static char bytes[3000];
    struct message message = { .words = { 1 }, .string = bytes, .string_size = sizeof bytes };
    struct reply reply = { .buffer = NULL };

    return message_call(to, &message, &reply);
}

static status_t call_by(enum call_way way, process_id_t to)
{
    struct words words = words_of(7);
    struct words expected = words_answered(&words);
    status_t status = message_call_words_by(way, to, &words);

    if (status == OK) {
        EXPECT_WORDS(&expected, &words);
    }
    return status;
}

/* Arguments: whom to try; may it be sent to; may it send back. */
static void partners_caller(int argc, char **argv)
{
    process_id_t server = test_number(argv[1]);
    bool may_send = test_number(argv[2]) != 0, may_answer = test_number(argv[3]) != 0;
    status_t expected = may_send && may_answer ? OK : NOT_ALLOWED;
    (void)argc;

    for (uint32_t round = 0; round < 3; round++) {
        clock_sleep(A_MOMENT_NS);    /* it waits for calls, so that one of words could switch to it directly */
        for (enum call_way way = 0; way < CALL_WAYS; way++) {
            if (call_way_is_there(way)) {
                EXPECT_TRY(expected, !may_send, call_by(way, server));
            }
        }
        EXPECT_TRY(expected, !may_send, call_long(server));
    }
    if (!may_send) {
        EXPECT_TRY(NOT_ALLOWED, true, send_nothing(server));
    }
    EXPECT_TRY(OK, false, send_nothing(process_page()->id));     /* to himself anybody may */
}

static void call_goes_both_ways_and_needs_both_sides_word(void)
{
    for (uint32_t i = 0; i < 4; i++) {
        bool may_send = (i & 1) != 0, may_answer = (i & 2) != 0;
        struct access access = access_with(OWN_ROLE, may_send ? ROLE_BIT(OTHER_ROLE) : 0);
        process_id_t server = start_server(OTHER_ROLE, may_answer ? ROLE_BIT(OWN_ROLE) : 0);
        process_id_t caller;

        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "partners_caller", &caller, test_digits(server).text,
                                  may_send ? "1" : "0", may_answer ? "1" : "0", NULL));
        EXPECT_EQUAL(0, test_wait_exit(caller));
        EXPECT_EQUAL(0, strikes_of(server));
        EXPECT_OK(call_by(CALL_BY_PAGE, server));
        peer_quit(server);
    }
}

/* Sends to each of the processes in its arguments, whose roles follow each other from the first on. Arguments: its partners, that role. */
static void partners_sender(int argc, char **argv)
{
    uint32_t partners = test_number(argv[1]), role = test_number(argv[2]);

    for (int i = 3; i < argc; i++, role++) {
        bool may = (partners >> role & 1) != 0;

        EXPECT_TRY(may ? OK : NOT_ALLOWED, !may, send_nothing(test_number(argv[i])));
    }
}

/* Hears one message before the test lets it go. */
static void partners_taker(int argc, char **argv)
{
    struct event event;
    uint32_t heard = 0;
    (void)argc;
    (void)argv;

    for (;;) {
        test_wait_event(&event, EVENT_MESSAGE);
        if (event.sender == process_page()->parent) {
            break;
        }
        heard++;
    }
    EXPECT_EQUAL(1, heard);
}

#define AT_A_TIME 5U             /* roles that are tried together: each needs a process */

static void send_with_partners(uint32_t partners, uint32_t first_role, const process_id_t takers[AT_A_TIME])
{
    struct access access = access_with(OWN_ROLE, 0);
    struct test_digits digits[AT_A_TIME];
    process_id_t sender;

    access.partners = partners | ROLE_BIT(ROLE_NONE);
    for (uint32_t i = 0; i < AT_A_TIME; i++) {
        digits[i] = test_digits(takers[i]);
    }
    EXPECT_OK(test_spawn_with(CLASS_APPLICATION, &access, "partners_sender", &sender, test_digits(access.partners).text,
                              test_digits(first_role).text, digits[0].text, digits[1].text, digits[2].text, digits[3].text,
                              digits[4].text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(sender));
}

/* A sender for each role alone: of those that are tried the one hears it, and the others hear nothing. */
static void each_role_is_a_partner_for_itself(void)
{
    for (uint32_t first = ROLE_NONE + 1; first < ROLE_COUNT; first += AT_A_TIME) {
        process_id_t takers[AT_A_TIME];

        for (uint32_t i = 0; i < AT_A_TIME; i++) {
            struct access access = access_with(first + i, 0);

            EXPECT_OK(test_spawn_with(CLASS_APPLICATION, &access, "partners_taker", &takers[i], NULL));
        }
        for (uint32_t role = ROLE_NONE; role < ROLE_COUNT; role++) {
            send_with_partners(ROLE_BIT(role), first, takers);
        }
        for (uint32_t i = 0; i < AT_A_TIME; i++) {
            peer_quit(takers[i]);
        }
    }
}

/* ---- Pipes and shared memory ---- */

struct handles {
    uint32_t pipe, shared;
    object_key_t pipe_key, shared_key, read_only_key;
};

/* Makes both, tells the test, and goes when it is told. */
static void partners_owner(int argc, char **argv)
{
    struct pipe_handle pipe;
    struct shared_handle shared;
    struct event event;
    (void)argc;
    (void)argv;

    EXPECT_OK(pipe_create(&pipe));
    EXPECT_OK(shared_create(1, &shared));
    struct handles handles = { pipe.id, shared.id, pipe.key, shared.key, shared.read_only_key };
    struct message message = { .string = &handles, .string_size = sizeof handles };
    EXPECT_OK(message_send(process_page()->parent, &message));
    do {
        EXPECT_OK(event_wait(&event, clock_after(5 * SECOND)));  /* others that leave are told, too */
    } while (event.kind != EVENT_MESSAGE);
}

static void take_handles(struct handles *handles_out)
{
    struct event event;

    test_wait_event(&event, EVENT_MESSAGE);
    EXPECT_EQUAL(sizeof *handles_out, event.string_size);
    memcpy(handles_out, event.string, sizeof *handles_out);
}

/* Its parent says which; its arguments say if it may, and if it is a strike that it may not. */
static void partners_joiner(int argc, char **argv)
{
    bool may = test_number(argv[1]) != 0, is_strike = test_number(argv[2]) != 0;
    status_t expected = may ? OK : NOT_ALLOWED;
    struct handles handles;
    uint32_t address, pages;
    (void)argc;

    take_handles(&handles);
    EXPECT_TRY(NOT_ALLOWED, false, pipe_join(handles.pipe, handles.pipe_key ^ 1));   /* a wrong key is another matter */
    EXPECT_TRY(expected, is_strike, pipe_join(handles.pipe, handles.pipe_key));
    EXPECT_TRY(expected, is_strike, shared_join(handles.shared, handles.read_only_key, 0, &address, &pages));
    if (!may) {
        EXPECT_TRY(expected, is_strike, shared_join(handles.shared, handles.shared_key, SHARED_READ_ONLY, &address, &pages));
        EXPECT_STATUS(BAD_ID, pipe_leave(handles.pipe));
        EXPECT_STATUS(BAD_ID, shared_leave(handles.shared));
    }
}

static process_id_t start_joiner(uint32_t partners, bool may, bool is_strike, const struct handles *handles)
{
    struct access access = access_with(OWN_ROLE, partners);
    struct message message = { .string = handles, .string_size = sizeof *handles };
    process_id_t joiner;

    EXPECT_OK(test_spawn_with(CLASS_APPLICATION, &access, "partners_joiner", &joiner, may ? "1" : "0", is_strike ? "1" : "0", NULL));
    EXPECT_OK(message_send(joiner, &message));
    return joiner;
}

static process_id_t start_owner(uint32_t role, uint32_t partners, struct handles *handles_out)
{
    struct access access = access_with(role, partners);
    process_id_t owner;

    EXPECT_OK(test_spawn_with(CLASS_SERVER, &access, "partners_owner", &owner, NULL));
    take_handles(handles_out);
    return owner;
}

static void what_is_shared_is_shared_among_partners(void)
{
    for (uint32_t i = 0; i < 4; i++) {
        bool may_send = (i & 1) != 0, may_answer = (i & 2) != 0;
        struct handles handles;
        process_id_t owner = start_owner(OTHER_ROLE, may_answer ? ROLE_BIT(OWN_ROLE) : 0, &handles);
        process_id_t joiner = start_joiner(may_send ? ROLE_BIT(OTHER_ROLE) : 0, may_send && may_answer, !may_send, &handles);

        EXPECT_EQUAL(0, test_wait_exit(joiner));
        EXPECT_EQUAL(0, strikes_of(owner));
        EXPECT_OK(send_nothing(owner));
        EXPECT_EQUAL(0, test_wait_exit(owner));
    }
}

/* The test is a member beside the owner, and everybody's partner: it is the owner whom the joiner may not meet. */
static void all_members_must_be_partners(void)
{
    struct handles handles;
    uint32_t address, pages, bytes, members;
    process_id_t owner = start_owner(OTHER_ROLE, 0, &handles);

    EXPECT_OK(pipe_join(handles.pipe, handles.pipe_key));
    EXPECT_OK(shared_join(handles.shared, handles.shared_key, 0, &address, &pages));
    EXPECT_EQUAL(0, test_wait_exit(start_joiner(0, false, true, &handles)));
    EXPECT_EQUAL(0, test_wait_exit(start_joiner(ROLE_BIT(OTHER_ROLE), false, false, &handles)));
    EXPECT_OK(pipe_state(handles.pipe, &bytes, &members));
    EXPECT_EQUAL(2, members);
    EXPECT_OK(pipe_leave(handles.pipe));
    EXPECT_OK(shared_leave(handles.shared));
    EXPECT_OK(send_nothing(owner));
    EXPECT_EQUAL(0, test_wait_exit(owner));
}

/* ---- Strikes ---- */

/* Sends to the process in its argument until it is no more. */
static void partners_striker(int argc, char **argv)
{
    for (;;) {
        EXPECT_STATUS(NOT_ALLOWED, send_nothing(test_number(argv[argc - 1])));
    }
}

static void who_does_not_stop_is_ended_and_the_other_side_is_not(void)
{
    for (process_class_t class = CLASS_DRIVER; class < CLASS_COUNT; class++) {
        for (uint32_t strikes = 0; strikes < 4; strikes++) {
            struct access access = access_with(OWN_ROLE, 0);
            process_id_t server = start_server(OTHER_ROLE, ROLE_BIT(OWN_ROLE));
            uint32_t before = log_lines_end();
            struct process_information striker;

            access.strikes = strikes;
            EXPECT_OK(test_spawn_with(class, &access, "partners_striker", &striker.id, test_digits(server).text, NULL));
            EXPECT_OK(process_information(striker.id, &striker));
            EXPECT_EQUAL(EXIT_STRIKES, test_wait_exit(striker.id));
            EXPECT_EQUAL(strikes == 0 ? STRIKES_USUAL : strikes, log_lines_count(before, striker.name, "a message to role 6"));
            EXPECT_EQUAL(0, strikes_of(server));
            peer_quit(server);
        }
    }
}

/* ---- The log, control, names, exit codes ---- */

static void partners_silent(int argc, char **argv)
{
    (void)argc;
    (void)argv;
    EXPECT_TRY(NOT_ALLOWED, false, log_write(LOG_WARNING, "it is said", 10));
    EXPECT_TRY(NOT_ALLOWED, false, log_write(LOG_DEBUG, NULL, 0));
    EXPECT_STATUS(BAD_ARGUMENT, log_write(LOG_LEVEL_COUNT, "it is said", 10));
}

static void who_may_not_speak_to_the_log_says_nothing_there(void)
{
    struct access access = access_with(OWN_ROLE, 0);
    uint32_t before = log_lines_end();
    struct process_information silent;

    access.partners = PARTNERS_ALL & ~ROLE_BIT(ROLE_LOG);
    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "partners_silent", &silent.id, NULL));
    EXPECT_OK(process_information(silent.id, &silent));
    EXPECT_EQUAL(0, test_wait_exit(silent.id));
    EXPECT_EQUAL(0, log_lines_count(before, silent.name, "it is said"));
}

/* Tells its parent the ID of its thread, and waits to be ended. */
static void partners_victim(int argc, char **argv)
{
    struct message message = { .words = { thread_slot()->thread } };

    (void)argc;
    (void)argv;
    EXPECT_OK(message_send(process_page()->parent, &message));
    EXPECT_OK(thread_sleep(0));
}

/* A driver to whom all others do as it says; but not those that it may not speak to. Arguments: one of them, its thread. */
static void partners_tyrant(int argc, char **argv)
{
    process_id_t victim = test_number(argv[1]);
    thread_id_t thread = test_number(argv[2]);
    (void)argc;

    EXPECT_TRY(NOT_ALLOWED, false, process_terminate(victim, 1));
    EXPECT_TRY(NOT_ALLOWED, false, process_sleep(victim));
    EXPECT_TRY(NOT_ALLOWED, false, process_wake(victim));
    EXPECT_TRY(NOT_ALLOWED, false, thread_terminate(thread));
    EXPECT_TRY(NOT_ALLOWED, false, thread_sleep(thread));
    EXPECT_TRY(NOT_ALLOWED, false, thread_wake(thread));
}

static void nobody_ends_whom_he_may_not_speak_to(void)
{
    struct access own = access_with(OWN_ROLE, 0), other = access_with(OTHER_ROLE, ROLE_BIT(OWN_ROLE));

    own.rights = RIGHT_CONTROL_DRIVERS;
    for (process_class_t class = CLASS_DRIVER; class < CLASS_COUNT; class++) {
        process_id_t victim, tyrant;
        struct event event;

        EXPECT_OK(test_spawn_with(class, &other, "partners_victim", &victim, NULL));
        test_wait_event(&event, EVENT_MESSAGE);
        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &own, "partners_tyrant", &tyrant, test_digits(victim).text,
                                  test_digits(event.words[0]).text, NULL));
        EXPECT_EQUAL(0, test_wait_exit(tyrant));
        peer_kill(victim);
    }
}

/* Ends as its argument says. It may not speak to the test. */
static void partners_leaver(int argc, char **argv)
{
    if (argv[argc - 1][0] == 'f') {
        __builtin_trap();
    }
    process_exit(test_number(argv[argc - 1]));
}

static void exit_code_is_no_news_to_whom_its_process_may_not_speak_to(void)
{
    static const struct {
        const char *how;
        uint32_t code, seen;
    } ends[] = { { "0", 0, 0 }, { "1", 1, 0 }, { "255", 255, 0 }, { "f", EXIT_FAULT | 6, EXIT_FAULT } };

    for (uint32_t i = 0; i < COUNT(ends); i++) {
        struct access access = access_with(OWN_ROLE, 0);
        process_id_t leaver;

        EXPECT_OK(test_spawn_with(CLASS_APPLICATION, &access, "partners_leaver", &leaver, ends[i].how, NULL));
        EXPECT_EQUAL(ends[i].code, test_wait_exit(leaver));
        access.partners &= ~ROLE_BIT(ROLE_NONE);
        EXPECT_OK(test_spawn_with(CLASS_APPLICATION, &access, "partners_leaver", &leaver, ends[i].how, NULL));
        EXPECT_EQUAL(ends[i].seen, test_wait_exit(leaver));
    }
}

static void partners_parent(int argc, char **argv)
{
    process_id_t id;
    (void)argc;
    (void)argv;

    EXPECT_STATUS(NOT_ALLOWED, test_spawn(CLASS_APPLICATION, "partners_leaver", &id, "0", NULL));
}

static void who_may_not_speak_to_all_starts_nobody(void)
{
    for (uint32_t role = 1; role < ROLE_COUNT; role++) {
        struct access access = access_with(ROLE_NONE, 0);
        process_id_t parent;

        access.partners = PARTNERS_ALL & ~ROLE_BIT(role);
        EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "partners_parent", &parent, NULL));
        EXPECT_EQUAL(0, test_wait_exit(parent));
    }
}

/* A class is given up, the role and the partners stay: in either direction. */
static void partners_changer(int argc, char **argv)
{
    process_id_t server = test_number(argv[argc - 1]);

    for (process_class_t class = CLASS_DRIVER; class < CLASS_COUNT; class++) {
        struct process_information information;

        EXPECT_OK(process_downgrade(class));
        EXPECT_OK(process_information(SELF, &information));
        EXPECT_EQUAL(OWN_ROLE, information.role);
        EXPECT_TRY(NOT_ALLOWED, true, send_nothing(server));
        EXPECT_TRY(NOT_ALLOWED, true, call_by(CALL_BY_PAGE, server));
    }
}

static void role_and_partners_stay_when_the_class_goes(void)
{
    struct access access = access_with(OWN_ROLE, 0);
    process_id_t server = start_server(OTHER_ROLE, PARTNERS_ALL), changer;

    EXPECT_OK(test_spawn_with(CLASS_DRIVER, &access, "partners_changer", &changer, test_digits(server).text, NULL));
    EXPECT_EQUAL(0, test_wait_exit(changer));
    peer_quit(server);
}

const struct test partners_tests[] = {
    TEST(CLASS_DRIVER, call_goes_both_ways_and_needs_both_sides_word),
    TEST(CLASS_DRIVER, each_role_is_a_partner_for_itself),
    TEST(CLASS_DRIVER, what_is_shared_is_shared_among_partners),
    TEST(CLASS_DRIVER, all_members_must_be_partners),
    TEST(CLASS_DRIVER, who_does_not_stop_is_ended_and_the_other_side_is_not),
    TEST(CLASS_DRIVER, who_may_not_speak_to_the_log_says_nothing_there),
    TEST(CLASS_DRIVER, nobody_ends_whom_he_may_not_speak_to),
    TEST(CLASS_DRIVER, exit_code_is_no_news_to_whom_its_process_may_not_speak_to),
    TEST(CLASS_DRIVER, who_may_not_speak_to_all_starts_nobody),
    TEST(CLASS_DRIVER, role_and_partners_stay_when_the_class_goes),
};
const uint32_t partners_test_count = COUNT(partners_tests);
const struct role partners_roles[] = {
    ROLE(partners_caller), ROLE(partners_sender), ROLE(partners_taker), ROLE(partners_owner), ROLE(partners_joiner),
    ROLE(partners_striker), ROLE(partners_silent), ROLE(partners_victim), ROLE(partners_tyrant), ROLE(partners_leaver),
    ROLE(partners_parent), ROLE(partners_changer),
};
const uint32_t partners_role_count = COUNT(partners_roles);
