/* The things cedula-verifier does. All return the exit status. */
#ifndef CEDULA_VERIFIER_COMMAND_H
#define CEDULA_VERIFIER_COMMAND_H

#define PROGRAM "cedula-verifier"

int	command_check(int argc, char *argv[]);
int	command_inspect(int argc, char *argv[]);
int	command_trust(int argc, char *argv[]);
int	command_audit(int argc, char *argv[]);

#endif
