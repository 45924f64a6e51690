/*
 * Commands of cedula-keys: one function a command, one file a group.
 */
#ifndef CEDULA_KEYS_COMMAND_H
#define CEDULA_KEYS_COMMAND_H

#include "common/host/diag.h"
#include "common/status.h"

/* argv[0] is the command's name ("root new"); operands follow its options. */
typedef enum status command_fn(int argc, char *argv[], struct diag *d);

command_fn command_root_new, command_signer_new;
command_fn command_key_show, command_key_reseal;
command_fn command_trust_new, command_trust_add, command_trust_revoke,
    command_trust_renew, command_trust_adopt, command_trust_show;
command_fn command_root_succeed, command_office_close;
command_fn command_status_sign, command_bundle;

#endif
