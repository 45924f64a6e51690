/* Manifest: the text of backup.h, made and read. */
#ifndef CEDULA_ISSUER_EXCHANGE_MANIFEST_H
#define CEDULA_ISSUER_EXCHANGE_MANIFEST_H

#include "issuer/exchange/backup.h"

#define MANIFEST_MAX 4096

/* False when it does not fit. */
bool	manifest_encode(const struct manifest *m, struct buf *out);
/* Exactly the lines that manifest_encode makes. */
bool	manifest_parse(struct bytes text, struct manifest *out);

#endif
