/* A mouse's packets, and the queues of events. */
#include "packet.h"

#include "key_queue.h"
#include "pointer_queue.h"
#include "test.h"

#define ROUNDS 20000
#define MILLISECOND ((nanoseconds_t)1000000)
#define COUNT(array) (sizeof (array) / sizeof (array)[0])

struct movement {
    int right, down, wheel;
    unsigned buttons;
};

/* As a mouse says it. */
static void make_packet(const struct movement *movement, uint8_t bytes[PACKET_BYTES_MAX])
{
    int up = -movement->down;

    bytes[0] = (uint8_t)(0x08 | movement->buttons | (movement->right < 0 ? 0x10 : 0) | (up < 0 ? 0x20 : 0));
    bytes[1] = (uint8_t)movement->right;
    bytes[2] = (uint8_t)up;
    bytes[3] = (uint8_t)movement->wheel;
}

static struct movement random_movement(void)
{
    return (struct movement){ (int)random_below(512) - 256, (int)random_below(511) - 255, (int)random_below(16) - 8, random_below(8) };
}

static void expect(struct packet_decoder *decoder, const struct movement *movement)
{
    uint8_t bytes[PACKET_BYTES_MAX];
    struct pointer_event event = { 0 };

    make_packet(movement, bytes);
    for (uint32_t i = 0; i < decoder->size; i++) {
        enum packet_result result = packet_take(decoder, bytes[i], 0, &event);
        CHECK_EQUAL(result, i + 1 == decoder->size ? PACKET_COMPLETE : PACKET_NOTHING);
    }
    CHECK_EQUAL(event.right, movement->right);
    CHECK_EQUAL(event.down, movement->down);
    CHECK_EQUAL(event.wheel, decoder->size == 4 ? movement->wheel : 0);
    CHECK_EQUAL(event.buttons, movement->buttons);
}

static void packets_of_both_sizes_say_what_moved(void)
{
    for (uint32_t size = 3; size <= 4; size++) {
        struct packet_decoder decoder;

        packet_reset(&decoder, size);
        for (int round = 0; round < ROUNDS; round++) {
            struct movement movement = random_movement();

            expect(&decoder, &movement);
        }
    }
}

static void a_movement_that_overflows_is_the_longest_one(void)
{
    struct packet_decoder decoder;
    struct pointer_event event = { 0 };

    packet_reset(&decoder, 3);
    (void)packet_take(&decoder, 0x08 | 0x40 | 0x80 | 0x10, 0, &event);
    (void)packet_take(&decoder, 3, 0, &event);
    CHECK_EQUAL(packet_take(&decoder, 3, 0, &event), PACKET_COMPLETE);
    CHECK_EQUAL(event.right, -255);
    CHECK_EQUAL(event.down, -255);
}

static void a_byte_that_begins_no_packet_is_skipped_and_counted_once(void)
{
    struct packet_decoder decoder;
    struct pointer_event event = { 0 };

    packet_reset(&decoder, 3);
    CHECK_EQUAL(packet_take(&decoder, 0x01, 0, &event), PACKET_LOST);
    CHECK_EQUAL(packet_take(&decoder, 0xF0, 0, &event), PACKET_NOTHING);
    expect(&decoder, &(struct movement){ 1, 2, 0, 4 });
    CHECK_EQUAL(packet_take(&decoder, 0x01, 0, &event), PACKET_LOST);
}

static void a_pause_ends_a_packet_that_lacks_bytes(void)
{
    struct packet_decoder decoder;
    struct pointer_event event = { 0 };

    packet_reset(&decoder, 4);
    CHECK_EQUAL(packet_take(&decoder, 0x09, 0, &event), PACKET_NOTHING);
    CHECK_EQUAL(packet_take(&decoder, 0x11, 400 * MILLISECOND, &event), PACKET_NOTHING);
    CHECK_EQUAL(packet_take(&decoder, 0x08, 1000 * MILLISECOND, &event), PACKET_LOST);
    CHECK_EQUAL(packet_take(&decoder, 5, 1001 * MILLISECOND, &event), PACKET_NOTHING);
    CHECK_EQUAL(packet_take(&decoder, 0, 1002 * MILLISECOND, &event), PACKET_NOTHING);
    CHECK_EQUAL(packet_take(&decoder, 0, 1003 * MILLISECOND, &event), PACKET_COMPLETE);
    CHECK_EQUAL(event.right, 5);
    CHECK_EQUAL(event.buttons, 0);
}

static void a_mouse_that_was_plugged_in_is_noticed(void)
{
    struct packet_decoder decoder;
    struct pointer_event event = { 0 };

    packet_reset(&decoder, 4);
    expect(&decoder, &(struct movement){ 1, 1, 1, 1 });
    CHECK_EQUAL(packet_take(&decoder, 0xAA, 0, &event), PACKET_NOTHING);
    CHECK_EQUAL(packet_take(&decoder, 0x00, 0, &event), PACKET_PLUGGED_IN);
    expect(&decoder, &(struct movement){ 1, 1, 1, 1 });
}

/* A hand that moves slowly, and one byte in a hundred gone: few packets come out wrong, and it ends by itself or in a new beginning. */
static void lost_bytes_do_not_stay_lost(void)
{
    struct packet_decoder decoder;
    unsigned good = 0, begun_anew = 0;

    packet_reset(&decoder, 4);
    for (int round = 0; round < ROUNDS; round++) {
        struct movement movement = { (int)random_below(7) - 3, (int)random_below(7) - 3, 0, 0 };
        struct pointer_event event = { 0 };
        uint8_t bytes[PACKET_BYTES_MAX];

        make_packet(&movement, bytes);
        for (unsigned i = 0; i < 4; i++) {
            switch (random_one_in(400) ? PACKET_NOTHING : packet_take(&decoder, bytes[i], (nanoseconds_t)round * 10 * MILLISECOND, &event)) {
            case PACKET_COMPLETE:
                good += i == 3 && event.right == movement.right && event.down == movement.down;
                break;
            case PACKET_HOPELESS:
                begun_anew++;
                packet_reset(&decoder, 4);
                i = 4;           /* the mouse begins anew, too */
                break;
            default:
                break;
            }
        }
    }
    CHECK(good > ROUNDS * 9 / 10);
    CHECK(begun_anew < ROUNDS / 100);
}

static void any_bytes_are_survived(void)
{
    struct packet_decoder decoder;
    struct pointer_event event;
    nanoseconds_t now_ns = 0;

    packet_reset(&decoder, 4);
    for (int i = 0; i < ROUNDS * 50; i++) {
        now_ns += random_one_in(50) ? 1000 * MILLISECOND : MILLISECOND;
        if (packet_take(&decoder, (uint8_t)random_next(), now_ns, &event) >= PACKET_HOPELESS) {
            packet_reset(&decoder, 3 + random_below(2));
        }
        CHECK(decoder.count < decoder.size);
    }
}

/* ---- The queue of movements ---- */

/* Whatever is put and taken: the way is the same in all, and so are the clicks unless some are said to be lost. */
static void movements_are_added_up_and_clicks_are_kept(void)
{
    struct pointer_queue queue = { 0 };
    int32_t put_right = 0, taken_right = 0, wheel = 0;
    uint16_t buttons = 0, taken_buttons = 0;
    unsigned clicks = 0, taken_clicks = 0, lost = 0;

    for (int round = 0; round < ROUNDS; round++) {
        if (random_one_in(3)) {
            buttons = (uint16_t)random_below(4);
        }
        struct pointer_event event = { (int16_t)random_below(9), 0, random_one_in(5), buttons };
        clicks += buttons != queue.buttons;
        put_right += event.right;
        wheel += event.wheel;
        pointer_queue_put(&queue, &event);
        struct pointer_events events = { 0 };
        if (random_one_in(random_one_in(10) ? 100 : 4) || round == ROUNDS - 1) {
            do {
                pointer_queue_copy(&queue, &events);
                pointer_queue_remove(&queue, &events);
                lost += events.lost;
                for (uint32_t i = 0; i < events.count; i++) {
                    taken_right += events.events[i].right;
                    wheel -= events.events[i].wheel;
                    taken_clicks += events.events[i].buttons != taken_buttons;
                    taken_buttons = events.events[i].buttons;
                }
            } while (events.count > 0 && round == ROUNDS - 1);
        }
    }
    CHECK(!pointer_queue_has_news(&queue));
    CHECK_EQUAL(taken_right, put_right);
    CHECK_EQUAL(wheel, 0);
    CHECK_EQUAL(taken_buttons, buttons);
    CHECK(taken_clicks <= clicks && taken_clicks + 2 * lost >= clicks);
}

static void what_moves_after_a_click_does_not_move_before_it(void)
{
    struct pointer_queue queue = { 0 };
    struct pointer_events events;

    pointer_queue_put(&queue, &(struct pointer_event){ .right = 1 });
    pointer_queue_put(&queue, &(struct pointer_event){ .right = 2 });
    pointer_queue_put(&queue, &(struct pointer_event){ .buttons = POINTER_LEFT });
    pointer_queue_put(&queue, &(struct pointer_event){ .right = 4, .buttons = POINTER_LEFT });
    pointer_queue_put(&queue, &(struct pointer_event){ .right = 8, .buttons = POINTER_LEFT });
    pointer_queue_put(&queue, &(struct pointer_event){ .buttons = POINTER_LEFT });
    pointer_queue_copy(&queue, &events);
    CHECK_EQUAL(events.count, 3);
    CHECK_EQUAL(events.events[0].right, 3);
    CHECK_EQUAL(events.events[1].right, 0);
    CHECK_EQUAL(events.events[2].right, 12);
}

static void a_full_queue_loses_clicks_and_no_way(void)
{
    struct pointer_queue queue = { 0 };
    struct pointer_events events;
    int32_t right = 0;

    for (unsigned i = 1; i <= POINTER_QUEUE_MAX + 10; i++) {
        pointer_queue_put(&queue, &(struct pointer_event){ .right = 1, .buttons = i & 1 });
    }
    pointer_queue_put(&queue, &(struct pointer_event){ .right = INT16_MAX });
    do {
        pointer_queue_copy(&queue, &events);
        pointer_queue_remove(&queue, &events);
        for (uint32_t i = 0; i < events.count; i++) {
            right += events.events[i].right;
        }
        CHECK(events.lost == 0 || events.lost == 10);
    } while (events.count > 0);
    CHECK_EQUAL(right, POINTER_QUEUE_MAX - 1 + INT16_MAX);
}

/* ---- The queue of keys ---- */

static void a_full_key_queue_loses_the_oldest_and_knows_what_is_held(void)
{
    struct key_queue queue = { 0 };
    struct key_events events;
    unsigned put = 0, taken = 0, lost = 0;

    for (int round = 0; round < ROUNDS; round++) {
        for (uint32_t i = random_below(random_one_in(8) ? 100 : 20); i > 0; i--) {
            key_queue_put(&queue, (uint8_t)put, put & 0x100 ? KEY_RELEASED : KEY_PRESSED);
            put++;
        }
        bool has_news = key_queue_has_news(&queue);
        key_queue_copy(&queue, &events);
        key_queue_remove(&queue, &events);
        CHECK(has_news == (events.count > 0));
        lost += events.lost;
        taken += events.lost;
        for (uint32_t i = 0; i < events.count; i++) {
            CHECK_EQUAL(events.events[i].key, (uint8_t)taken);
            CHECK_EQUAL(events.events[i].action, taken & 0x100 ? KEY_RELEASED : KEY_PRESSED);
            taken++;
        }
        for (unsigned key = 0; key < 0x100; key++) {
            CHECK(key_set_has(&queue.held, (uint8_t)key) == (key < (taken & 0xFF) ? !(taken & 0x100) : (taken & 0x100) != 0));
        }
    }
    CHECK_EQUAL(put - taken, queue.count);
    CHECK(lost > 0 && lost < put / 2);
}

static const struct test tests[] = {
    TEST(packets_of_both_sizes_say_what_moved),
    TEST(a_movement_that_overflows_is_the_longest_one),
    TEST(a_byte_that_begins_no_packet_is_skipped_and_counted_once),
    TEST(a_pause_ends_a_packet_that_lacks_bytes),
    TEST(a_mouse_that_was_plugged_in_is_noticed),
    TEST(lost_bytes_do_not_stay_lost),
    TEST(any_bytes_are_survived),
    TEST(movements_are_added_up_and_clicks_are_kept),
    TEST(what_moves_after_a_click_does_not_move_before_it),
    TEST(a_full_queue_loses_clicks_and_no_way),
    TEST(a_full_key_queue_loses_the_oldest_and_knows_what_is_held),
};
TEST_MAIN(tests)
