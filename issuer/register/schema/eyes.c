/* Four eyes and hands: who gave whom the secret or the role by which they decide.
 * Eyes that the first side could open by itself are not a second pair. */
#include "issuer/register/schema/schema.h"

#define GIVEN "('officer.add', 'officer.reset')"

/* A decision of this kind, on this id, by this officer, who uses these roles. */
#define SAME_HAND(kind, id_, officer_, roles) \
	"EXISTS (SELECT 1 FROM same_hand AS x WHERE x.kind = '" kind "' AND" \
	" x.id = " id_ " AND x.officer = " officer_ " AND" \
	" x.role IN ('', " roles "))"

#define REFUSE " BEGIN SELECT RAISE(ABORT, 'same_hand: who decides was given" \
	" secret or role by who began'); END;"

/* Who merges: the officer of the event that was just written. */
#define MERGER "(SELECT officer FROM person_event WHERE person = NEW.id" \
	" ORDER BY id DESC LIMIT 1)"

/* 55 is DUP_OPEN: the search says itself that the two must be looked at. */
#define FOUND_ALIKE "EXISTS (SELECT 1 FROM duplicate WHERE" \
	" a = min(NEW.id, NEW.merged_into) AND" \
	" b = max(NEW.id, NEW.merged_into) AND score >= 55)"

static const char *const lines[] = {
	/* Who gave an officer a secret (role ''), or a role that the officer has
	 * now, in which act. A first secret is changed at the first log-in, by
	 * whoever knew it: the register cannot tell by whom. */
	"CREATE INDEX audit_given ON audit (object) WHERE action IN " GIVEN ";"
	"CREATE VIEW officer_given (officer, giver, act, role) AS"
	" SELECT o.id, u.officer, u.id, '' FROM officer AS o"
	"  JOIN audit AS u ON u.object = 'officer ' || o.login"
	"  WHERE u.action IN " GIVEN " AND u.officer <> o.id"
	" UNION ALL SELECT r.officer, r.granted_by, r.act, r.role"
	"  FROM officer_role AS r WHERE r.granted_by <> r.officer;"

	/* Also through others: who made the manager who made the approver. Each
	 * act is before the one it made possible; `since` is the first. */
	"CREATE VIEW officer_hand (officer, hand, since, role) AS"
	" WITH RECURSIVE h (officer, hand, since, role) AS ("
	"  SELECT officer, giver, act, role FROM officer_given"
	"  UNION SELECT h.officer, g.giver, g.act, h.role FROM h"
	"   JOIN officer_given AS g ON g.officer = h.hand AND g.act < h.since"
	"   AND g.role IN ('', 'manager'))"
	" SELECT officer, hand, since, role FROM h;"

	/* What is decided by a second pair of eyes, whose the first were, and
	 * the act it was begun with. A person is what a duplicate's decision
	 * and a merge are about; begun anew whenever who enrolled writes to the
	 * record, as an application is by a new draft. (+officer: of few acts on
	 * one object, not of the many of one officer.) */
	"CREATE VIEW first_side (kind, id, officer, begun) AS"
	" SELECT 'application', a.id, o.id, (SELECT min(b.id)"
	"   FROM audit AS b WHERE b.object = 'application ' || a.id)"
	"  FROM application AS a JOIN officer AS o ON o.id IN"
	"  (SELECT a.submitter UNION ALL SELECT a.drafter"
	"   UNION ALL SELECT p.enrolled_by FROM person AS p WHERE p.id = a.person"
	"   UNION ALL SELECT p.enrolled_by FROM household_member AS m"
	"    JOIN person AS p ON p.id = m.person WHERE m.household = a.household"
	"   UNION ALL SELECT u.officer FROM audit AS u WHERE u.object IN"
	"    (SELECT 'person ' || a.person"
	"     UNION ALL SELECT 'household ' || a.household"
	"     UNION ALL SELECT 'person ' || m.person FROM household_member AS m"
	"     WHERE m.household = a.household)"
	"    AND (u.action GLOB 'person.*' OR u.action GLOB 'household.*')"
	"    AND u.id > ifnull((SELECT max(s.id) FROM audit AS s WHERE"
	"     s.object = 'application ' || a.id AND"
	"     s.action = 'application.submit'), 0))"
	" UNION ALL SELECT 'request', f.id, f.officer, (SELECT min(b.id)"
	"   FROM audit AS b WHERE b.object = 'request ' || f.id)"
	"  FROM fund_request AS f"
	" UNION ALL SELECT 'death', e.person, e.officer, (SELECT max(b.id)"
	"   FROM audit AS b WHERE b.object = 'person ' || e.person AND"
	"   b.action = 'person.death') FROM person_event AS e"
	"  WHERE e.event = 'death' AND e.id = (SELECT max(l.id)"
	"   FROM person_event AS l WHERE l.person = e.person AND"
	"   l.event = 'death')"
	" UNION ALL SELECT 'person', p.id, p.enrolled_by, (SELECT max(b.id)"
	"   FROM audit AS b WHERE b.object = 'person ' || p.id AND"
	"   +b.officer = p.enrolled_by) FROM person AS p;"
	"CREATE VIEW same_hand (kind, id, first, officer, since, role) AS"
	" SELECT f.kind, f.id, f.officer, h.officer, h.since, h.role"
	"  FROM first_side AS f JOIN officer_hand AS h"
	"  ON h.hand = f.officer AND h.since > f.begun;",

	"CREATE TRIGGER application_same_hand BEFORE UPDATE OF state, approver"
	" ON application WHEN NEW.state = 'approved' AND "
	SAME_HAND("application", "NEW.id", "NEW.approver", "'approver'") REFUSE
	"CREATE TRIGGER waiver_same_hand BEFORE INSERT ON waiver WHEN "
	SAME_HAND("application", "NEW.application", "NEW.officer",
	    "'approver', 'manager'") REFUSE
	"CREATE TRIGGER fund_request_same_hand BEFORE UPDATE OF state"
	" ON fund_request WHEN NEW.state = 'paid' AND "
	SAME_HAND("request", "NEW.id", "NEW.decided_by", "'manager'") REFUSE
	"CREATE TRIGGER person_event_same_hand BEFORE INSERT ON person_event"
	" WHEN NEW.event = 'correction' AND "
	SAME_HAND("death", "NEW.person", "NEW.officer", "'approver', 'manager'")
	REFUSE
	/* 80 is DUP_HIGH. */
	"CREATE TRIGGER duplicate_same_hand BEFORE UPDATE OF decision ON duplicate"
	" WHEN NEW.decision IN ('different', 'twin') AND NEW.score >= 80 AND "
	SAME_HAND("person", "NEW.b", "NEW.decided_by", "'registrar', 'approver'")
	REFUSE

	/* Nobody makes a record go that they enrolled. Who enrolled the one
	 * that stays may merge where the search itself has found them alike:
	 * else an office of two could not, whenever each enrolled one. */
	"CREATE TRIGGER person_merge_four_eyes BEFORE UPDATE OF state ON person"
	" WHEN NEW.state = 'merged' AND OLD.state <> 'merged' AND " MERGER
	"  IN (SELECT enrolled_by FROM person WHERE id = NEW.id OR"
	"  (id = NEW.merged_into AND NOT " FOUND_ALIKE ")) BEGIN"
	" SELECT RAISE(ABORT, 'four_eyes: enrolled by the same officer'); END;"
	"CREATE TRIGGER person_merge_same_hand BEFORE UPDATE OF state ON person"
	" WHEN NEW.state = 'merged' AND OLD.state <> 'merged' AND ("
	SAME_HAND("person", "NEW.id", MERGER, "'registrar', 'approver'")
	" OR (NOT " FOUND_ALIKE " AND "
	SAME_HAND("person", "NEW.merged_into", MERGER,
	    "'registrar', 'approver'") "))" REFUSE,

	/* For whoever looks afterwards: the secrets that another gave, until the
	 * officer changed theirs in a session of their own (not at the first
	 * log-in, where it must be), and the approvals by such a secret of what
	 * its giver had begun. */
	"CREATE VIEW officer_secret_of (officer, giver, act, until) AS"
	" SELECT g.officer, g.giver, g.act, min(ifnull((SELECT min(n.act)"
	"   FROM officer_given AS n WHERE n.officer = g.officer AND"
	"   n.role = '' AND n.act > g.act), 9223372036854775807),"
	"  ifnull((SELECT u.id FROM audit AS u WHERE"
	"   u.object = 'officer ' || o.login AND +u.officer = o.id AND"
	"   u.action = 'officer.secret' AND u.id > (SELECT l.id FROM audit AS l"
	"    WHERE l.object = 'officer ' || o.login AND +l.officer = o.id AND"
	"    l.action = 'officer.login' AND l.id > g.act ORDER BY l.id LIMIT 1)"
	"   ORDER BY u.id LIMIT 1), 9223372036854775807))"
	" FROM officer_given AS g JOIN officer AS o ON o.id = g.officer"
	" WHERE g.role = '';"
	"CREATE VIEW approved_same_hand (application, approver, giver, decided)"
	" AS WITH s AS MATERIALIZED (SELECT * FROM officer_secret_of)"
	" SELECT a.id, a.approver, s.giver, a.decided FROM application AS a"
	"  JOIN s ON s.officer = a.approver"
	"  WHERE a.state IN ('approved', 'issued') AND"
	"   (SELECT max(u.id) FROM audit AS u WHERE"
	"    u.object = 'application ' || a.id AND"
	"    u.action = 'application.approve') BETWEEN s.act AND s.until AND"
	"   s.giver IN (SELECT f.officer FROM first_side AS f"
	"    WHERE f.kind = 'application' AND f.id = a.id);",

	/* By whom a person was enrolled is what the four eyes go by. */
	"CREATE TRIGGER person_enrolled_fixed BEFORE UPDATE OF id, enrolled,"
	" enrolled_by ON person BEGIN"
	" SELECT RAISE(ABORT, 'who enrolled a person, and when, stays'); END;",
};

SCHEMA_CHUNK(schema_eyes)
