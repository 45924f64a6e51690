#include "keys/passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "common/crypto.h"

/* Reads one line byte by byte, so that nothing of it stays in a stdio buffer
 * and what follows on a shared descriptor is left to others. */
static enum status
read_line(int fd, const char *name, char out[PASSPHRASE_MAX], struct diag *d)
{
	size_t n = 0;
	ssize_t got;
	char c = 0;

	for (;;) {
		do
			got = read(fd, &c, 1);
		while (got < 0 && errno == EINTR);
		if (got < 0)
			return diag_errno(d, ST_IO, name);
		if (got == 0 || c == '\n')
			break;
		if (c == '\0')
			return diag_set(d, ST_DATA,
			    _("%s: the line holds a zero byte; take text"),
			    name);
		if (n + 1 >= PASSPHRASE_MAX)
			return diag_set(d, ST_DATA,
			    _("%s: the line is longer than %d bytes"),
			    name, PASSPHRASE_MAX - 1);
		out[n++] = c;
	}
	if (n > 0 && out[n - 1] == '\r')
		n--;
	out[n] = '\0';
	if (n == 0)
		return diag_set(d, ST_PASSPHRASE,
		    _("%s: empty, where a passphrase, a PIN or a share should be"), name);
	return ST_OK;
}

static enum status
ask(int tty, const char *question, char out[PASSPHRASE_MAX], struct diag *d)
{
	struct termios was, quiet;
	sigset_t stops, before;
	enum status st;

	/* A ^C waits until the echo is back. */
	(void)sigemptyset(&stops);
	(void)sigaddset(&stops, SIGINT);
	(void)sigaddset(&stops, SIGQUIT);
	(void)sigaddset(&stops, SIGTERM);
	(void)sigaddset(&stops, SIGHUP);
	(void)sigaddset(&stops, SIGTSTP);
	(void)sigprocmask(SIG_BLOCK, &stops, &before);
	if (tcgetattr(tty, &was) != 0)
		goto no_secrecy;
	quiet = was;
	quiet.c_lflag &= ~(tcflag_t)ECHO;
	if (tcsetattr(tty, TCSAFLUSH, &quiet) != 0)
		goto no_secrecy;
	(void)dprintf(tty, "%s: ", question);
	st = read_line(tty, _("terminal"), out, d);
	(void)tcsetattr(tty, TCSAFLUSH, &was);
	(void)dprintf(tty, "\n");
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return st;
no_secrecy:
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	return diag_errno(d, ST_IO, _("terminal"));
}

static int
open_terminal(void)
{
	return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

/* "Passphrase for root.key"; what is cut, so that the question stays. */
static enum status
ask_for(int tty, const char *question, const char *what,
    char out[PASSPHRASE_MAX], struct diag *d)
{
	char text[512];

	(void)snprintf(text, sizeof(text), "%s %.300s", question, what);
	return ask(tty, text, out, d);
}

static enum status
from_terminal(const char *what, bool new, char out[PASSPHRASE_MAX],
    struct diag *d)
{
	char again[PASSPHRASE_MAX];
	int tty = open_terminal();
	enum status st;

	if (tty < 0)
		return diag_set(d, ST_NOT_FOUND,
		    _("there is no terminal to ask for a passphrase on; give --passphrase-file"));
	st = ask_for(tty, new ? _("New passphrase for") : _("Passphrase for"),
	    what, out, d);
	if (st == ST_OK && new) {
		st = ask_for(tty, _("The same again for"), what, again, d);
		if (st == ST_OK && strcmp(out, again) != 0)
			st = diag_set(d, ST_PASSPHRASE,
			    _("the two passphrases differ; no key was made"));
		crypto_wipe(again, sizeof(again));
	}
	close(tty);
	return st;
}

enum status
passphrase_ask(const char *question, const char *no_terminal,
    char out[PASSPHRASE_MAX], struct diag *d)
{
	int tty = open_terminal();
	enum status st;

	memset(out, 0, PASSPHRASE_MAX);
	if (tty < 0)
		return diag_set(d, ST_NOT_FOUND, "%s", no_terminal);
	st = ask(tty, question, out, d);
	close(tty);
	if (st != ST_OK)
		passphrase_wipe(out);
	return st;
}

void
passphrase_tell(const char *text)
{
	int tty = open_terminal();

	if (tty < 0)
		return;
	(void)dprintf(tty, "%s\n", text);
	close(tty);
}

enum status
passphrase_from_file(const char *file, char out[PASSPHRASE_MAX],
    struct diag *d)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	enum status st;

	memset(out, 0, PASSPHRASE_MAX);
	if (fd < 0)
		return diag_errno(d, ST_IO, file);
	st = read_line(fd, file, out, d);
	close(fd);
	if (st != ST_OK)
		passphrase_wipe(out);
	return st;
}

/* In whatever encoding: bytes, but those that go on with a character of UTF-8. */
static size_t
characters(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

enum status
passphrase_read(const char *file, const char *what, size_t least,
    char out[PASSPHRASE_MAX], struct diag *d)
{
	enum status st;

	memset(out, 0, PASSPHRASE_MAX);
	st = file != NULL ? passphrase_from_file(file, out, d) :
	    from_terminal(what, least > 0, out, d);
	if (st == ST_OK && characters(out) < least)
		st = diag_set(d, ST_PASSPHRASE,
		    _("the passphrase is too short: take at least %d characters"),
		    (int)least);
	if (st != ST_OK)
		passphrase_wipe(out);
	return st;
}

void
passphrase_wipe(char out[PASSPHRASE_MAX])
{
	crypto_wipe(out, PASSPHRASE_MAX);
}
