#include "common/logwalk.h"

/* Insertion: heads come nearly in order, and few. */
static void
sort(struct log_walk *w)
{
	for (size_t i = 1; i < w->n; i++) {
		struct log_mark m = w->mark[i];
		size_t k = i;

		for (; k > 0 && w->mark[k - 1].head.size > m.head.size; k--)
			w->mark[k] = w->mark[k - 1];
		w->mark[k] = m;
	}
}

/* Every mark of the size that the tree has now. */
static enum status
compare(struct log_walk *w)
{
	uint8_t root[MERKLE_HASH];
	enum status st;

	if (w->next == w->n || w->mark[w->next].head.size != w->tree.size)
		return ST_OK;
	if ((st = merkle_root(&w->tree, root)) != ST_OK)
		return st;
	for (; w->next < w->n && w->mark[w->next].head.size == w->tree.size;
	    w->next++) {
		struct log_mark *m = &w->mark[w->next];

		m->reached = true;
		m->agrees = bytes_equal(bytes_from(root, sizeof(root)),
		    bytes_from(m->head.root, sizeof(m->head.root)));
	}
	return ST_OK;
}

enum status
log_walk_begin(struct log_walk *w)
{
	merkle_init(&w->tree);
	w->next = 0;
	for (size_t i = 0; i < w->n; i++)
		w->mark[i].reached = w->mark[i].agrees = false;
	sort(w);
	return compare(w);
}

enum status
log_walk_step(struct log_walk *w, struct bytes entry)
{
	uint8_t leaf[MERKLE_HASH];
	enum status st;

	if ((st = merkle_leaf(entry, leaf)) != ST_OK ||
	    (st = merkle_add(&w->tree, leaf)) != ST_OK)
		return st;
	return compare(w);
}
