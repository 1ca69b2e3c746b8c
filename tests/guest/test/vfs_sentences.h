/*
 * What every file system of s\vfs promises, sentence by sentence. They are tried at vfs_place: those of VFS_WRITABLE_SENTENCES in an empty
 * directory, which they leave empty; those of VFS_READABLE_SENTENCES in one that has files, which they leave as they are.
 */
#pragma once

#include "vfs_place.h"

#define VFS_WRITABLE_SENTENCES(SENTENCE) \
    SENTENCE(files_open_as_their_flags_say) \
    SENTENCE(exclusive_creation_makes_a_file_once) \
    SENTENCE(truncation_empties_a_file_for_all_who_have_it_open) \
    SENTENCE(handles_do_what_they_were_opened_for) \
    SENTENCE(positions_are_the_programs_own) \
    SENTENCE(holes_are_zeroes) \
    SENTENCE(appended_bytes_stand_behind_the_end) \
    SENTENCE(files_become_as_long_as_is_asked) \
    SENTENCE(sizes_that_cannot_be_are_told) \
    SENTENCE(pages_show_what_was_written) \
    SENTENCE(large_files_hold_what_two_handles_wrote) \
    SENTENCE(removed_files_live_as_long_as_they_are_open) \
    SENTENCE(files_are_passed_on) \
    SENTENCE(clients_have_so_many_files_open_and_no_more) \
    SENTENCE(directories_come_and_go) \
    SENTENCE(directories_that_are_not_empty_stay) \
    SENTENCE(renamed_files_keep_what_they_hold) \
    SENTENCE(renamed_files_take_the_place_of_others) \
    SENTENCE(directories_are_renamed_but_not_into_themselves) \
    SENTENCE(renames_that_cannot_be_change_nothing) \
    SENTENCE(dots_and_doubled_slashes_mean_nothing) \
    SENTENCE(slashes_at_the_end_ask_for_directories) \
    SENTENCE(names_have_255_bytes_and_no_more) \
    SENTENCE(paths_have_1023_bytes_and_no_more) \
    SENTENCE(names_have_every_byte_or_are_refused) \
    SENTENCE(lists_see_each_name_once_while_others_change) \
    SENTENCE(descriptions_tell_files_apart) \
    SENTENCE(files_were_written_when_clients_say)

#define VFS_READABLE_SENTENCES(SENTENCE) \
    SENTENCE(everything_is_read_in_whatever_way) \
    SENTENCE(lists_and_descriptions_agree) \
    SENTENCE(what_is_not_there_is_told)

#define VFS_SENTENCE_DECLARE(name) void name(void);
VFS_WRITABLE_SENTENCES(VFS_SENTENCE_DECLARE)
VFS_READABLE_SENTENCES(VFS_SENTENCE_DECLARE)
void nothing_can_be_changed(void);
#undef VFS_SENTENCE_DECLARE

/* Tries a sentence of those about writing in a fresh directory of a mount. */
void vfs_try_in(const char *mount, void (*sentence)(void));

/* Tries all of them. */
void vfs_try_all(const char *mount);
