/* s\input without its threads: who gets what is typed, and what becomes of keys that are held when that changes. */
#include "clients.h"

#include <stdlib.h>

#include <ternion/clock.h>

#include "test.h"
#include "typing.h"

#define A 1U                     /* processes */
#define B 2U
#define C 3U
#define PROCESSES 4U
#define ROUNDS 1000
#define STEPS 200

/* ---- The system, as far as it is asked ---- */

static nanoseconds_t now_ns = 1000;
static bool is_dead[PROCESSES];
static unsigned reads_waiting[PROCESSES];
static message_id_t read_ids[PROCESSES];     /* of the read that was begun last */
static struct input_events answered[PROCESSES];
static status_t answered_status[PROCESSES];
static bool was_answered[PROCESSES];

status_t process_watch(process_id_t process);
status_t process_unwatch(process_id_t process);
size_t strlen(const char *text);
int strcmp(const char *left, const char *right);

nanoseconds_t clock_now(void)
{
    return now_ns;
}

status_t process_watch(process_id_t process)
{
    return is_dead[process] ? BAD_ID : OK;
}

status_t process_unwatch(process_id_t process)
{
    (void)process;
    return OK;
}

status_t server_answer_later(const struct server_call *call, struct pending_call *pending_out)
{
    *pending_out = (struct pending_call){ call->id, call->sender, call->sender_class };
    return OK;
}

status_t server_answer(const struct pending_call *pending, const struct operation_shape *shape, status_t status, const void *reply,
                       const struct payload *payload)
{
    process_id_t process = pending->sender;

    (void)payload;
    CHECK_EQUAL(shape->header, input_call_read_shape.header);
    if (is_dead[process]) {
        return BAD_ID;
    }
    CHECK(reads_waiting[process]-- > 0);
    if (pending->id == read_ids[process]) {
        was_answered[process] = true;
        answered_status[process] = status;
        if (status == OK) {
            answered[process] = *(const struct input_events *)reply;
        }
    } else {
        CHECK_EQUAL(status, BUSY);           /* an older one */
    }
    return OK;
}

/* ---- Clients ---- */

static status_t attach(process_id_t process, uint32_t wants)
{
    now_ns++;
    return client_attach(process, &(struct input_attach){ now_ns, wants });
}

static void begin_read(process_id_t process)
{
    static message_id_t next_id;
    struct server_call call = { .sender = process, .id = ++next_id };

    reads_waiting[process]++;
    read_ids[process] = call.id;
    was_answered[process] = false;
    CHECK_EQUAL(client_read(&call), OK);
}

static void press(uint8_t key)
{
    clients_put_key(&(struct input_key){ .key = key, .action = KEY_PRESSED });
}

static void release(uint8_t key)
{
    clients_put_key(&(struct input_key){ .key = key, .action = KEY_RELEASED });
}

/* The next event of a process is this one of a key. */
static void expect_key(process_id_t process, uint8_t key, enum key_action action)
{
    static struct input_events left[PROCESSES];
    struct input_events *events = &left[process];

    if (events->count == 0) {
        begin_read(process);
        CHECK(was_answered[process]);
        *events = answered[process];
        CHECK(events->count > 0);
    }
    CHECK_EQUAL(events->events[0].kind, INPUT_KEY);
    CHECK_EQUAL(events->events[0].key.key, key);
    CHECK_EQUAL(events->events[0].key.action, action);
    events->count--;
    for (uint32_t i = 0; i < events->count; i++) {
        events->events[i] = events->events[i + 1];
    }
}

static void expect_nothing(process_id_t process)
{
    begin_read(process);
    CHECK(!was_answered[process]);
}

static void the_last_one_gets_the_keys_and_then_the_one_before(void)
{
    CHECK_EQUAL(attach(A, INPUT_WANTS_KEYS), OK);
    CHECK_EQUAL(attach(B, INPUT_WANTS_KEYS), OK);
    CHECK_EQUAL(attach(C, INPUT_WANTS_POINTER), OK);
    press(KEY_A);
    expect_key(B, KEY_A, KEY_PRESSED);
    CHECK_EQUAL(client_detach(B), OK);
    CHECK_EQUAL(client_detach(B), NOT_FOUND);
    press(KEY_B);
    expect_key(A, KEY_B, KEY_PRESSED);
    CHECK_EQUAL(attach(B, INPUT_WANTS_KEYS), OK);
    expect_key(A, KEY_B, KEY_RELEASED);
    CHECK_EQUAL(attach(A, INPUT_WANTS_KEYS), OK);        /* to the front */
    press(KEY_C);
    expect_key(A, KEY_C, KEY_PRESSED);
    expect_nothing(B);
}

static void a_key_is_released_for_whom_it_was_pressed(void)
{
    CHECK_EQUAL(attach(A, INPUT_WANTS_KEYS), OK);
    press(KEY_A);
    CHECK_EQUAL(attach(B, INPUT_WANTS_KEYS), OK);
    release(KEY_A);
    press(KEY_B);
    expect_key(A, KEY_A, KEY_PRESSED);
    expect_key(A, KEY_A, KEY_RELEASED);
    expect_key(B, KEY_B, KEY_PRESSED);
    CHECK_EQUAL(client_detach(B), OK);
    clients_put_key(&(struct input_key){ .key = KEY_B, .action = KEY_REPEATED });
    release(KEY_B);
    expect_nothing(A);
}

static void after_a_new_start_the_order_is_the_old_one(void)
{
    CHECK_EQUAL(client_attach(C, &(struct input_attach){ 30, INPUT_WANTS_KEYS }), OK);
    CHECK_EQUAL(client_attach(A, &(struct input_attach){ 10, INPUT_WANTS_KEYS }), OK);
    CHECK_EQUAL(client_attach(B, &(struct input_attach){ 20, INPUT_WANTS_KEYS }), OK);
    press(KEY_A);
    expect_key(C, KEY_A, KEY_PRESSED);
    client_ended(C);
    press(KEY_B);
    expect_key(B, KEY_B, KEY_PRESSED);
}

static void requests_that_make_no_sense_are_refused(void)
{
    CHECK_EQUAL(attach(A, 0), BAD_ARGUMENT);
    CHECK_EQUAL(attach(A, 4), BAD_ARGUMENT);
    is_dead[B] = true;
    CHECK_EQUAL(attach(B, INPUT_WANTS_KEYS), BAD_ID);
    CHECK_EQUAL(client_detach(A), NOT_FOUND);
    CHECK_EQUAL(client_read(&(struct server_call){ .sender = A, .id = 1 }), NOT_FOUND);
    CHECK_EQUAL(client_attach(A, &(struct input_attach){ UINT64_MAX, INPUT_WANTS_KEYS }), OK);
    CHECK_EQUAL(attach(C, INPUT_WANTS_KEYS), OK);        /* nobody comes from the future */
    press(KEY_A);
    expect_key(C, KEY_A, KEY_PRESSED);
}

static void a_second_read_ends_the_first(void)
{
    CHECK_EQUAL(attach(A, INPUT_WANTS_KEYS), OK);
    begin_read(A);
    begin_read(A);
    CHECK_EQUAL(reads_waiting[A], 1);
    press(KEY_A);
    CHECK(was_answered[A]);
    begin_read(A);
    CHECK_EQUAL(client_detach(A), OK);
    CHECK(was_answered[A] && answered_status[A] == NOT_FOUND);
}

/* ---- Pointers ---- */

static void expect_pointer(process_id_t process, int right, unsigned buttons)
{
    begin_read(process);
    CHECK(was_answered[process]);
    CHECK_EQUAL(answered[process].count, 1);
    CHECK_EQUAL(answered[process].events[0].kind, INPUT_POINTER);
    CHECK_EQUAL(answered[process].events[0].pointer.right, right);
    CHECK_EQUAL(answered[process].events[0].pointer.buttons, buttons);
}

static void move(int right, unsigned buttons)
{
    clients_put_pointer(&(struct pointer_event){ .right = (int16_t)right, .buttons = (uint16_t)buttons });
}

static void a_button_is_released_for_whom_it_was_pressed(void)
{
    CHECK_EQUAL(attach(A, INPUT_WANTS_POINTER), OK);
    move(1, POINTER_LEFT);
    expect_pointer(A, 1, POINTER_LEFT);
    CHECK_EQUAL(attach(B, INPUT_WANTS_POINTER), OK);
    expect_pointer(A, 0, 0);
    move(2, POINTER_LEFT);
    expect_pointer(B, 2, 0);
    move(0, POINTER_LEFT | POINTER_RIGHT);
    expect_pointer(B, 0, POINTER_RIGHT);
    move(0, POINTER_RIGHT);
    expect_nothing(B);
    move(0, POINTER_LEFT | POINTER_RIGHT);
    CHECK(was_answered[B]);
    CHECK_EQUAL(answered[B].events[0].pointer.buttons, POINTER_LEFT | POINTER_RIGHT);
}

static void movements_are_added_up(void)
{
    CHECK_EQUAL(attach(A, INPUT_WANTS_POINTER), OK);
    for (int i = 0; i < 500; i++) {
        move(100, 0);
    }
    expect_pointer(A, INT16_MAX, 0);
}

/* ---- Keyboards ---- */

static void type(struct key_set *held, uint8_t key, enum key_action action)
{
    typing_take(held, &(struct key_event){ key, (uint8_t)action });
}

static void two_keyboards_are_one(void)
{
    struct key_set first = { 0 }, second = { 0 };

    typing_open(keymap_find("us"), 0);
    CHECK_EQUAL(attach(A, INPUT_WANTS_KEYS), OK);
    type(&first, KEY_LEFT_SHIFT, KEY_PRESSED);
    type(&second, KEY_LEFT_SHIFT, KEY_PRESSED);
    type(&first, KEY_LEFT_SHIFT, KEY_RELEASED);
    begin_read(A);
    type(&second, KEY_A, KEY_PRESSED);
    begin_read(A);
    CHECK_EQUAL(answered[A].events[0].key.character, 'A');
    typing_release(&second);
    expect_key(A, KEY_A, KEY_RELEASED);
    expect_key(A, KEY_LEFT_SHIFT, KEY_RELEASED);
    type(&first, KEY_A, KEY_RELEASED);
    type(&first, KEY_NONE, KEY_PRESSED);
    expect_nothing(A);
}

static void what_a_keyboard_knew_before_is_taken_over(void)
{
    struct key_set held = { 0 };
    struct keyboard_state state = { .lights = KEYBOARD_CAPS_LOCK };

    typing_open(keymap_find("us"), 0);
    CHECK_EQUAL(attach(A, INPUT_WANTS_KEYS), OK);
    key_set_put(&state.held, KEY_RIGHT_SHIFT, true);
    key_set_put(&state.held, KEY_CAPS_LOCK, true);
    typing_take_over(&held, &state);
    CHECK_EQUAL(typing_lights(), KEYBOARD_CAPS_LOCK);
    expect_nothing(A);
    type(&held, KEY_A, KEY_PRESSED);
    CHECK_EQUAL(answered[A].events[0].key.character, 'a');       /* Caps Lock, and Shift */
    type(&held, KEY_CAPS_LOCK, KEY_RELEASED);
    type(&held, KEY_RIGHT_SHIFT, KEY_RELEASED);
    type(&held, KEY_B, KEY_PRESSED);
    expect_key(A, KEY_B, KEY_PRESSED);                           /* nothing of keys that it had not seen pressed */
    typing_take_over(&held, &(struct keyboard_state){ .lights = KEYBOARD_NUM_LOCK });
    CHECK_EQUAL(typing_lights(), KEYBOARD_CAPS_LOCK);            /* only the first time */
}

static void a_character_that_two_keys_make_comes_without_a_key(void)
{
    struct key_set held = { 0 };

    typing_open(keymap_find("de"), 0);
    CHECK_EQUAL(attach(A, INPUT_WANTS_KEYS), OK);
    type(&held, KEY_GRAVE, KEY_PRESSED);
    type(&held, KEY_GRAVE, KEY_RELEASED);
    type(&held, KEY_X, KEY_PRESSED);
    begin_read(A);
    CHECK_EQUAL(answered[A].count, 4);
    CHECK_EQUAL(answered[A].events[2].key.key, KEY_NONE);
    CHECK_EQUAL(answered[A].events[2].key.character, '^');
    CHECK_EQUAL(answered[A].events[3].key.key, KEY_X);
    CHECK_EQUAL(answered[A].events[3].key.character, 'x');
}

/* ---- At random ---- */

static struct key_set known[PROCESSES];      /* what each process thinks is held */
static bool is_attached[PROCESSES];

static void take_in(process_id_t process)
{
    if (!was_answered[process] || answered_status[process] != OK) {
        return;
    }
    if (answered[process].lost > 0) {
        known[process] = (struct key_set){ 0 };
    }
    for (uint32_t i = 0; i < answered[process].count; i++) {
        const struct input_key *key = &answered[process].events[i].key;
        bool is_known = key_set_has(&known[process], key->key);

        if (key->key != KEY_NONE) {
            CHECK(key->action != KEY_RELEASED || is_known || answered[process].lost > 0);
            key_set_put(&known[process], key->key, key->action != KEY_RELEASED);
        }
    }
    was_answered[process] = false;
}

/* Everybody reads until there is nothing. */
static void read_all(process_id_t process)
{
    do {
        take_in(process);        /* what has come to the read before */
        begin_read(process);
    } while (was_answered[process]);
}

static void whoever_comes_and_goes_nobody_is_left_with_a_key(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        struct key_set held[2] = { 0 };

        typing_open(keymap_find("us"), 0);
        for (int step = 0; step < STEPS; step++) {
            process_id_t process = 1 + random_below(PROCESSES - 1);

            switch (random_below(8)) {
            case 0:
                CHECK_EQUAL(attach(process, INPUT_WANTS_KEYS), OK);
                is_attached[process] = true;
                break;
            case 1:
                if (is_attached[process]) {
                    read_all(process);
                }
                break;
            default:
                type(&held[random_below(2)], (uint8_t)(KEY_A + random_below(4)), random_below(3));
                break;
            }
        }
        typing_release(&held[0]);
        typing_release(&held[1]);
        for (process_id_t process = 1; process < PROCESSES; process++) {
            if (!is_attached[process]) {
                continue;
            }
            read_all(process);
            for (unsigned key = 0; key < KEY_COUNT; key++) {
                CHECK(!key_set_has(&known[process], (uint8_t)key));
            }
            CHECK_EQUAL(client_detach(process), OK);
            is_attached[process] = false;
            reads_waiting[process] = 0;
            was_answered[process] = false;
        }
    }
}

static const struct test tests[] = {
    TEST(the_last_one_gets_the_keys_and_then_the_one_before),
    TEST(a_key_is_released_for_whom_it_was_pressed),
    TEST(after_a_new_start_the_order_is_the_old_one),
    TEST(requests_that_make_no_sense_are_refused),
    TEST(a_second_read_ends_the_first),
    TEST(a_button_is_released_for_whom_it_was_pressed),
    TEST(movements_are_added_up),
    TEST(two_keyboards_are_one),
    TEST(what_a_keyboard_knew_before_is_taken_over),
    TEST(a_character_that_two_keys_make_comes_without_a_key),
    TEST(whoever_comes_and_goes_nobody_is_left_with_a_key),
};
TEST_MAIN(tests)
