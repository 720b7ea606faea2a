/* SPDX-License-Identifier: MIT */
/* Stories of a stream: texts are forgotten from the old end, and put back when it is opened. */
#include <string.h>

#include "base/alloc.h"
#include "story/stories.h"

/* What is forgotten is moved away when it is half of what is held. */
static void drop_texts(ndup__stories *stories, size_t forgotten)
{
    size_t kept = stories->count - stories->base - forgotten;
    memmove(stories->texts, stories->texts + forgotten, kept * sizeof *stories->texts);
    memmove(stories->group_of, stories->group_of + forgotten, kept * sizeof *stories->group_of);
    stories->base += forgotten;
}

/* A story's oldest member is its first. */
static void leave_story(const ndup__stories *stories, uint32_t text)
{
    ndup__story_group *group =
        ndup__stories_group_at(stories, ndup__stories_group_of(stories, text));
    group->count--;
    memmove(group->members, group->members + 1, group->count * sizeof *group->members);
}

static void drop_groups(ndup__stories *stories)
{
    size_t held = stories->group_count - stories->group_base;
    size_t empty = 0;
    while (empty < held && stories->groups[empty].count == 0) {
        empty++;
    }
    if (2 * empty < held || empty == 0) {
        return;
    }
    for (size_t i = 0; i < empty; i++) {
        ndup__free(stories->allocator, &stories->groups[i].members, stories->groups[i].capacity,
                   sizeof(uint32_t));
    }
    memmove(stories->groups, stories->groups + empty, (held - empty) * sizeof *stories->groups);
    stories->group_base += empty;
}

void ndup__stories_forget(ndup__stories *stories, uint32_t text)
{
    for (; stories->forgotten < text; stories->forgotten++) {
        uint32_t number = (uint32_t)stories->forgotten;
        leave_story(stories, number);
        ndup__term_vector_free(&ndup__stories_text(stories, number)->vector, stories->allocator);
    }
    ndup__term_index_forget(&stories->index, text);
    if (stories->oldest < text) {
        stories->oldest = text;
    }
    size_t forgotten = stories->forgotten - stories->base;
    if (2 * forgotten >= stories->count - stories->base && forgotten > 0) {
        drop_texts(stories, forgotten);
        drop_groups(stories);
    }
}

ndup_status ndup__stories_restore(ndup__stories *stories, ndup__story_text *text, uint32_t group,
                                  ndup_error *error)
{
    uint32_t number = (uint32_t)stories->count;
    ndup__story_group *into = ndup__stories_group_at(stories, group);
    ndup_status status = ndup__reserve(stories->allocator, &into->members, &into->capacity,
                                       into->count + 1, sizeof *into->members, error);
    if (status == NDUP_STATUS_OK) {
        status = ndup__stories_make_room(stories, error);
    }
    if (status == NDUP_STATUS_OK) {
        into->members[into->count++] = number;
        stories->count++;
        *ndup__stories_text(stories, number) = *text;
        stories->group_of[number - stories->base] = group;
        *text = (ndup__story_text){.form = NDUP__NO_FORM};
    }
    return status;
}
