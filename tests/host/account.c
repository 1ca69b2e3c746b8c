/* Accounts: a tree of them against sums that are made anew each time. */
#include "account.h"

#include "test.h"

#define ACCOUNTS 24U
#define ROUNDS 100000U

static struct account accounts[ACCOUNTS];
static uint32_t own[ACCOUNTS][RESOURCE_COUNT];   /* charged to this one, descendants not counted */

static bool descends_from(const struct account *account, const struct account *ancestor)
{
    while (account != NULL && account != ancestor) {
        account = account->parent;
    }
    return account != NULL;
}

static uint64_t use_of(uint32_t which, uint32_t resource)
{
    uint64_t sum = 0;

    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        sum += descends_from(&accounts[i], &accounts[which]) ? own[i][resource] : 0;
    }
    return sum;
}

static bool has_room(uint32_t which, uint32_t resource, uint32_t amount)
{
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        if (descends_from(&accounts[which], &accounts[i]) && use_of(i, resource) + amount > accounts[i].limits[resource]) {
            return false;
        }
    }
    return true;
}

/* Several trees, of random shape and random limits. */
static void grow(void)
{
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        accounts[i] = (struct account){ .parent = i == 0 || random_one_in(8) ? NULL : &accounts[random_below(i)] };
        for (uint32_t resource = 0; resource < RESOURCE_COUNT; resource++) {
            own[i][resource] = 0;
            accounts[i].limits[resource] = random_one_in(3) ? UINT32_MAX : random_edgy();
        }
    }
}

static void check_all(void)
{
    for (uint32_t i = 0; i < ACCOUNTS; i++) {
        for (uint32_t resource = 0; resource < RESOURCE_COUNT; resource++) {
            CHECK_EQUAL(accounts[i].used[resource], use_of(i, resource));
        }
    }
}

static void charge_random(uint32_t which, uint32_t resource)
{
    uint32_t amount = random_edgy();
    bool room = has_room(which, resource, amount);

    CHECK_EQUAL(account_charge(&accounts[which], resource, amount), room ? OK : OVER_QUOTA);
    own[which][resource] += room ? amount : 0;
}

static void release_random(uint32_t which, uint32_t resource)
{
    uint32_t most = own[which][resource];
    uint32_t amount = random_one_in(3) ? most : random_below(most);

    account_release(&accounts[which], resource, amount);
    own[which][resource] -= amount;
}

static void random_charges_agree_with_the_sums_over_each_tree(void)
{
    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t which = random_below(ACCOUNTS);
        uint32_t resource = random_below(RESOURCE_COUNT);

        if (round % 5000 == 0) {
            grow();
        }
        if (random_one_in(2)) {
            charge_random(which, resource);
        } else {
            release_random(which, resource);
        }
        if (round % 100 == 0) {
            check_all();
        }
    }
}

static void nothing_is_charged_if_an_ancestor_has_no_room(void)
{
    struct account grandparent = { .limits = { 10, 10, 10, 10, 10 } };
    struct account parent = { .parent = &grandparent, .limits = { 100, 100, 100, 100, 100 } };
    struct account child = { .parent = &parent, .limits = { 100, 100, 100, 100, 100 } };

    CHECK_EQUAL(account_charge(&child, RESOURCE_THREADS, 11), OVER_QUOTA);
    CHECK_EQUAL(child.used[RESOURCE_THREADS] + parent.used[RESOURCE_THREADS] + grandparent.used[RESOURCE_THREADS], 0);
    CHECK_EQUAL(account_charge(&child, RESOURCE_THREADS, 10), OK);
    CHECK_EQUAL(account_charge(&parent, RESOURCE_THREADS, 1), OVER_QUOTA);
    CHECK_EQUAL(parent.used[RESOURCE_THREADS], 10);
    CHECK_EQUAL(grandparent.used[RESOURCE_FRAMES], 0);
}

static void largest_numbers_do_not_wrap_around(void)
{
    struct account account = { .limits = { UINT32_MAX, 0, 5, UINT32_MAX - 1, 1 } };

    CHECK_EQUAL(account_charge(&account, 0, 1), OK);
    CHECK_EQUAL(account_charge(&account, 0, UINT32_MAX), OVER_QUOTA);
    CHECK_EQUAL(account_charge(&account, 0, UINT32_MAX - 1), OK);
    CHECK_EQUAL(account_charge(&account, 0, 1), OVER_QUOTA);
    CHECK_EQUAL(account_charge(&account, 0, 0), OK);
    CHECK_EQUAL(account_charge(&account, 1, UINT32_MAX), OVER_QUOTA);
    CHECK_EQUAL(account_charge(&account, 1, 0), OK);
    CHECK_EQUAL(account_charge(&account, 2, UINT32_MAX - 2), OVER_QUOTA);
    CHECK_EQUAL(account_charge(&account, 3, UINT32_MAX), OVER_QUOTA);
    CHECK_EQUAL(account_charge(&account, 3, UINT32_MAX - 1), OK);
    account_release(&account, 0, UINT32_MAX);
    CHECK_EQUAL(account.used[0], 0);
}

static void releasing_more_than_was_charged_panics(void)
{
    struct account parent = { .limits = { 100 } };
    struct account child = { .parent = &parent, .limits = { 100 } };

    CHECK_EQUAL(account_charge(&parent, RESOURCE_FRAMES, 5), OK);
    CHECK_PANICS(account_release(&parent, RESOURCE_FRAMES, 6));
    CHECK_PANICS(account_release(&child, RESOURCE_FRAMES, 1));
}

static const struct test tests[] = {
    TEST(random_charges_agree_with_the_sums_over_each_tree),
    TEST(nothing_is_charged_if_an_ancestor_has_no_room),
    TEST(largest_numbers_do_not_wrap_around),
    TEST(releasing_more_than_was_charged_panics),
};
TEST_MAIN(tests)
