/*
 * s\tasks without its kernel: who may do what to whom, and trees whose members start others, end, and leave their children to their parents
 * between any two system calls that look at them. The kernel lets them act far less often.
 */
#include <stdlib.h>
#include <string.h>

#include <ternion/init_client.h>
#include <ternion/process.h>
#include <ternion/syscall.h>
#include <ternion/tasks.h>

#include "persons.h"
#include "session.h"
#include "table.h"
#include "test.h"
#include "tree.h"

#define SLOTS 128U
#define INDEX_BITS 12U
#define ROUNDS 300U
#define CHANCES (100 + random_below(200))    /* a look takes some 250 calls: the tree changes once or twice meanwhile */

struct fake {
    process_id_t id;                 /* 0: none */
    process_id_t parent;
    process_class_t class;
    uint32_t role;
    uint32_t state;
    bool is_wild;                    /* acts between system calls */
    bool is_of_tree;                 /* it, or an ancestor it ever had, is the tree's root */
    char name[NAME_SIZE_MAX + 1];
};

static struct fake slots[SLOTS];
static uint32_t generations[SLOTS];
static uint32_t wild_chances;        /* one in so many system calls; 0: never */
static process_id_t watched[8];      /* entries of d\init */

static struct fake *find(process_id_t id)
{
    struct fake *fake = &slots[id & ((1U << INDEX_BITS) - 1)];

    return id != 0 && fake->id == id ? fake : NULL;
}

static process_id_t add(process_id_t parent, process_class_t class, const char *name)
{
    uint32_t index = 1 + random_below(SLOTS - 1);

    for (uint32_t tries = 0; slots[index].id != 0; tries++, index = 1 + index % (SLOTS - 1)) {
        if (tries == SLOTS) {
            return 0;
        }
    }
    const struct fake *giver = find(parent);
    slots[index] = (struct fake){ .parent = parent, .class = class };
    slots[index].id = ++generations[index] << INDEX_BITS | index;
    slots[index].is_of_tree = giver != NULL && giver->is_of_tree;
    slots[index].is_wild = giver != NULL && giver->is_wild;
    strcpy(slots[index].name, name);
    return slots[index].id;
}

static void take_away(struct fake *fake)
{
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (slots[i].id != 0 && slots[i].parent == fake->id) {
            slots[i].parent = fake->parent;
        }
    }
    fake->id = 0;
}

static bool is_below(const struct fake *fake, process_id_t root)
{
    while (fake != NULL && fake->id != root) {
        fake = find(fake->parent);
    }
    return fake != NULL;
}

/* Whoever is wild and runs starts another, ends, or both. The first of the tree does not end by itself: it would have ended before it was asked for. */
static void act(process_id_t root)
{
    for (uint32_t i = 1; i < SLOTS; i++) {
        struct fake *fake = &slots[i];

        if (fake->id == 0 || !fake->is_wild || fake->state != PROCESS_RUNNING || !random_one_in(4)) {
            continue;
        }
        bool has_child = !random_one_in(4) && add(fake->id, CLASS_APPLICATION, "a\\wild") != 0;
        if (fake->id != root && (random_one_in(8) || (has_child && random_one_in(2)))) {
            take_away(fake);
        }
    }
}

static process_id_t tree_root;

static void between_calls(void)
{
    if (wild_chances != 0 && random_one_in(wild_chances)) {
        act(tree_root);
    }
}

/* ---- The kernel, as far as it is asked ---- */

status_t process_next(process_id_t after, process_id_t *id_out)
{
    between_calls();
    for (uint32_t i = (after & ((1U << INDEX_BITS) - 1)) + 1; i < SLOTS; i++) {
        if (slots[i].id != 0) {
            *id_out = slots[i].id;
            return OK;
        }
    }
    return NOT_FOUND;
}

status_t process_information(process_id_t id, struct process_information *information_out)
{
    between_calls();
    *information_out = (struct process_information){ .limits = { [RESOURCE_PROCESSES] = SLOTS / 2 } };
    if (id == SELF) {
        return OK;
    }
    const struct fake *fake = find(id);
    if (fake == NULL) {
        return BAD_ID;
    }
    information_out->id = id;
    information_out->parent = fake->parent;
    information_out->class = fake->class;
    information_out->role = fake->role;
    information_out->state = fake->state;
    strcpy(information_out->name, fake->name);
    for (uint32_t i = 0; i < SLOTS; i++) {
        information_out->used[RESOURCE_PROCESSES] += slots[i].id != 0 && is_below(&slots[i], id);
    }
    return OK;
}

static status_t set_state(process_id_t id, uint32_t state)
{
    between_calls();
    struct fake *fake = find(id);
    if (fake == NULL) {
        return BAD_ID;
    }
    CHECK(fake->class == CLASS_APPLICATION);
    fake->state = state;
    return OK;
}

status_t process_sleep(process_id_t id)
{
    return set_state(id, PROCESS_ASLEEP);
}

status_t process_wake(process_id_t id)
{
    return set_state(id, PROCESS_RUNNING);
}

status_t process_terminate(process_id_t id, uint32_t code)
{
    between_calls();
    struct fake *fake = find(id);
    if (fake == NULL) {
        return BAD_ID;
    }
    CHECK_EQUAL(code, 9);
    CHECK(fake->class == CLASS_APPLICATION);
    take_away(fake);
    return OK;
}

status_t name_find(const char *name, process_id_t *id_out)
{
    for (uint32_t i = 0; i < SLOTS; i++) {
        if (slots[i].id != 0 && strcmp(slots[i].name, name) == 0) {
            *id_out = slots[i].id;
            return OK;
        }
    }
    return NOT_FOUND;
}

status_t init_information(process_id_t init, uint32_t index, struct supervised_information *information_out)
{
    if (find(init) == NULL) {
        return BAD_ID;
    }
    if (index == sizeof watched / sizeof watched[0]) {
        return NOT_FOUND;
    }
    *information_out = (struct supervised_information){ .process = watched[index] };
    return OK;
}

void log_print(uint32_t level, const char *template, ...)
{
    (void)level, (void)template;
}

/* ---- Trees ---- */

static uint32_t count_of_tree(uint32_t state)
{
    uint32_t count = 0;

    for (uint32_t i = 0; i < SLOTS; i++) {
        count += slots[i].id != 0 && slots[i].is_of_tree && slots[i].state == state;
    }
    return count;
}

/* A tree that grows wild below a parent, among witnesses; a part of it may be no applications. */
static void plant(bool has_servers)
{
    memset(slots, 0, sizeof slots);
    process_id_t init = add(0, CLASS_DRIVER, "d\\init"), shell = add(init, CLASS_APPLICATION, "a\\shell");

    for (uint32_t i = 0; i < 10; i++) {
        (void)add(random_one_in(2) ? init : shell, random_below(CLASS_COUNT), "witness");
    }
    tree_root = add(shell, CLASS_APPLICATION, "a\\root");
    find(tree_root)->is_of_tree = find(tree_root)->is_wild = true;
    for (uint32_t i = 0; i < 12; i++) {
        act(tree_root);
    }
    if (has_servers) {
        process_id_t server = add(tree_root, CLASS_SERVER, "s\\server");
        CHECK(server != 0);
        find(server)->is_wild = find(server)->is_of_tree = false;
    }
}

static void check_witnesses(uint32_t count)
{
    uint32_t running = 0;

    for (uint32_t i = 0; i < SLOTS; i++) {
        running += slots[i].id != 0 && !slots[i].is_of_tree && slots[i].state == PROCESS_RUNNING;
    }
    CHECK_EQUAL(running, count);
}

static void nobody_of_a_tree_gets_away(void)
{
    CHECK_EQUAL(table_begin(), OK);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        bool has_servers = random_one_in(3);

        plant(has_servers);
        wild_chances = CHANCES;
        CHECK_EQUAL(tree_end(tree_root, 9, TASKS_TREE), OK);
        CHECK_EQUAL(count_of_tree(PROCESS_RUNNING) + count_of_tree(PROCESS_ASLEEP), 0);
        check_witnesses(12 + has_servers);
        CHECK_EQUAL(tree_end(tree_root, 9, TASKS_TREE), BAD_ID);
        wild_chances = 0;
    }
}

static void what_is_below_goes_and_the_root_goes_on(void)
{
    CHECK_EQUAL(table_begin(), OK);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        plant(false);
        wild_chances = CHANCES;
        find(tree_root)->is_wild = false;        /* or there would be others again */
        CHECK_EQUAL(tree_end(tree_root, 9, TASKS_BELOW), OK);
        CHECK_EQUAL(count_of_tree(PROCESS_RUNNING), 1);
        CHECK_EQUAL(count_of_tree(PROCESS_ASLEEP), 0);
        CHECK_EQUAL(find(tree_root)->state, PROCESS_RUNNING);
        check_witnesses(12);
        wild_chances = 0;
    }
}

static void a_tree_sleeps_and_wakes_as_one(void)
{
    CHECK_EQUAL(table_begin(), OK);
    for (uint32_t round = 0; round < ROUNDS; round++) {
        plant(false);
        wild_chances = CHANCES;
        CHECK_EQUAL(tree_sleep(tree_root, TASKS_TREE), OK);
        CHECK_EQUAL(count_of_tree(PROCESS_RUNNING), 0);
        wild_chances = 0;
        uint32_t asleep = count_of_tree(PROCESS_ASLEEP);
        CHECK_EQUAL(tree_wake(tree_root, TASKS_BELOW), OK);
        CHECK_EQUAL(count_of_tree(PROCESS_RUNNING), asleep - 1);
        CHECK_EQUAL(tree_wake(tree_root, TASKS_TREE), OK);
        CHECK_EQUAL(count_of_tree(PROCESS_RUNNING), asleep);
        CHECK_EQUAL(tree_sleep(tree_root, TASKS_BELOW), OK);
        CHECK_EQUAL(count_of_tree(PROCESS_RUNNING), 1);
        check_witnesses(12);
    }
}

/* ---- Sessions ---- */

static process_id_t init, log_process, server, shell, other_shell, child, grandchild, served, foreign, stray, stray_child;

static void begin_sessions(void)
{
    static char power[] = "power=a\\shell,a\\shell.serial", name[] = "s\\tasks", *arguments[] = { name, power, NULL };

    memset(slots, 0, sizeof slots);
    persons_read(2, arguments);
    init = add(0, CLASS_DRIVER, "d\\init");
    log_process = add(0, CLASS_APPLICATION, "a\\log");
    find(log_process)->role = ROLE_LOG;
    server = add(init, CLASS_SERVER, "s\\server");
    shell = add(init, CLASS_APPLICATION, "a\\shell");
    other_shell = add(init, CLASS_APPLICATION, "a\\shell.serial");
    child = add(shell, CLASS_APPLICATION, "a\\child");
    grandchild = add(child, CLASS_APPLICATION, "a\\grandchild");
    served = add(server, CLASS_APPLICATION, "a\\served");
    foreign = add(other_shell, CLASS_APPLICATION, "a\\foreign");
    stray = add(init, CLASS_APPLICATION, "a\\stray");
    stray_child = add(stray, CLASS_APPLICATION, "a\\stray_child");
    memcpy(watched, (process_id_t[]){ server, log_process, shell, other_shell }, 4 * sizeof watched[0]);
}

static status_t asked(process_id_t caller, process_id_t process)
{
    struct target target;

    return session_allows(caller, process, &target);
}

static void a_session_may_do_everything_to_itself_and_nothing_to_others(void)
{
    begin_sessions();
    const process_id_t own[] = { shell, child, grandchild }, others[] = { init, log_process, server, other_shell, served, foreign };
    for (uint32_t i = 0; i < 3; i++) {
        for (uint32_t j = 0; j < 3; j++) {
            CHECK_EQUAL(asked(own[i], own[j]), OK);
        }
        for (uint32_t j = 0; j < 6; j++) {
            CHECK_EQUAL(asked(own[i], others[j]), NOT_ALLOWED);
        }
        CHECK_EQUAL(asked(own[i], SELF), OK);
        CHECK_EQUAL(asked(own[i], 0xFFFFF001), BAD_ID);
    }
    CHECK_EQUAL(asked(served, child), NOT_ALLOWED);
    CHECK_EQUAL(asked(served, server), NOT_ALLOWED);
    CHECK_EQUAL(asked(log_process, child), NOT_ALLOWED);
    CHECK_EQUAL(asked(log_process, SELF), OK);
    CHECK_EQUAL(asked(server, served), NOT_ALLOWED);     /* it can do it itself */
    CHECK_EQUAL(asked(init, child), NOT_ALLOWED);
    CHECK_EQUAL(asked(0xFFFFF001, child), BAD_ID);
}

static void what_nobody_watches_over_is_for_persons_to_end(void)
{
    begin_sessions();
    CHECK_EQUAL(asked(grandchild, stray), OK);
    CHECK_EQUAL(asked(foreign, stray_child), OK);
    CHECK_EQUAL(asked(served, stray), NOT_ALLOWED);
    CHECK_EQUAL(asked(stray, child), NOT_ALLOWED);
    CHECK_EQUAL(asked(stray, stray_child), OK);

    /* The shell dies: d\init has its children, and the new shell may end them, but they not it. */
    take_away(find(shell));
    CHECK_EQUAL(asked(child, stray), NOT_ALLOWED);
    process_id_t shell_again = add(init, CLASS_APPLICATION, "a\\shell");
    watched[2] = shell_again;
    CHECK_EQUAL(asked(shell_again, grandchild), OK);
    CHECK_EQUAL(asked(child, shell_again), NOT_ALLOWED);

    /* While d\init is away its programs' parent is the kernel, and nobody can say what it watches over. */
    take_away(find(init));
    CHECK_EQUAL(asked(shell_again, grandchild), NOT_ALLOWED);
    CHECK_EQUAL(asked(child, grandchild), OK);
}

static void power_is_for_persons(void)
{
    begin_sessions();
    CHECK_EQUAL(session_has_power(shell), OK);
    CHECK_EQUAL(session_has_power(grandchild), OK);
    CHECK_EQUAL(session_has_power(foreign), OK);
    CHECK_EQUAL(session_has_power(served), NOT_ALLOWED);
    CHECK_EQUAL(session_has_power(log_process), NOT_ALLOWED);
    CHECK_EQUAL(session_has_power(server), NOT_ALLOWED);
    CHECK_EQUAL(session_has_power(stray_child), NOT_ALLOWED);
    CHECK_EQUAL(session_has_power(0xFFFFF001), BAD_ID);

    /* Who takes the name while the shell is away has not its place. */
    take_away(find(shell));
    watched[2] = 0;
    strcpy(find(child)->name, "a\\shell");
    CHECK_EQUAL(session_has_power(child), NOT_ALLOWED);
    CHECK_EQUAL(session_has_power(grandchild), NOT_ALLOWED);
    CHECK_EQUAL(asked(child, stray), NOT_ALLOWED);
}

static void names_of_persons_are_whole(void)
{
    static const char *const no[] = { "", "a\\shel", "a\\shell2", "a\\shell.serial2", "serial", "a\\shell,a\\shell.serial", "," };

    begin_sessions();
    CHECK(persons_have("a\\shell") && persons_have("a\\shell.serial"));
    for (uint32_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        CHECK(!persons_have(no[i]));
    }
}

static const struct test tests[] = {
    TEST(nobody_of_a_tree_gets_away),
    TEST(what_is_below_goes_and_the_root_goes_on),
    TEST(a_tree_sleeps_and_wakes_as_one),
    TEST(a_session_may_do_everything_to_itself_and_nothing_to_others),
    TEST(what_nobody_watches_over_is_for_persons_to_end),
    TEST(power_is_for_persons),
    TEST(names_of_persons_are_whole),
};
TEST_MAIN(tests)
