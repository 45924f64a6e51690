/* Four eyes and hands: who gave whom the secret or the role by which they decide.
 * Eyes that the first side could open by itself are not a second pair. */
#include "issuer/register/schema/schema.h"

#define GIVEN "('officer.add', 'officer.reset')"

#define HANDS(kind, id_, officer_) \
	"FROM same_hand AS x WHERE x.kind = '" kind "' AND x.id = " id_ " AND" \
	" x.officer = " officer_

/* A decision of this kind, on this id, by this officer, who uses one of these
 * roles: whoever has another of them from elsewhere needs not this one. */
#define SAME_HAND(kind, id_, officer_, roles) \
	"(EXISTS (SELECT 1 " HANDS(kind, id_, officer_) " AND x.role = '') OR" \
	" (EXISTS (SELECT 1 " HANDS(kind, id_, officer_) " AND" \
	"   x.role IN (" roles ")) AND" \
	"  NOT EXISTS (SELECT 1 FROM officer_role AS g WHERE" \
	"   g.officer = " officer_ " AND g.role IN (" roles ") AND" \
	"   g.role NOT IN (SELECT x.role " HANDS(kind, id_, officer_) "))))"

#define REFUSE " BEGIN SELECT RAISE(ABORT, 'same_hand: who decides was given" \
	" secret or role by who began'); END;"

/* The act of that decision was with a secret s. */
#define ACT_BY(object_, action_, at_) \
	" (SELECT max(u.id) FROM audit AS u WHERE u.object = " object_ " AND" \
	"  u.action = '" action_ "' AND u.at = " at_ ")" \
	" BETWEEN s.act AND s.until"
#define FIRST_OF(kind, id_) "(SELECT f.officer FROM first_side AS f" \
	" WHERE f.kind = '" kind "' AND f.id = " id_ ")"

/* Who merges: the officer of the event that was just written. */
#define MERGER "(SELECT officer FROM person_event WHERE person = NEW.id" \
	" ORDER BY id DESC LIMIT 1)"

/* 55 is DUP_OPEN: the search says itself that the two must be looked at. */
#define FOUND_ALIKE(person) "EXISTS (SELECT 1 FROM duplicate AS d WHERE" \
	" d.a = min(" person ".id, " person ".merged_into) AND" \
	" d.b = max(" person ".id, " person ".merged_into) AND d.score >= 55)"

/* REPLACE deletes without asking the triggers of deletion, where a program has
 * not turned recursive_triggers on. */
#define NEVER_REPLACED(table, where) \
	"CREATE TRIGGER " table "_not_replaced BEFORE INSERT ON " table \
	" WHEN EXISTS (SELECT 1 FROM " table " AS t WHERE " where ") BEGIN" \
	" SELECT RAISE(ABORT, 'what is there is not replaced'); END;"

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
	 * act is before the one it made possible; `since` is the first, and who
	 * gave to the officer is the last. */
	"CREATE VIEW officer_hand (officer, hand, since, role, giver) AS"
	" WITH RECURSIVE h (officer, hand, since, role, giver) AS ("
	"  SELECT officer, giver, act, role, giver FROM officer_given"
	"  UNION SELECT h.officer, g.giver, g.act, h.role, h.giver FROM h"
	"   JOIN officer_given AS g ON g.officer = h.hand AND g.act < h.since"
	"   AND g.role IN ('', 'manager'))"
	" SELECT officer, hand, since, role, giver FROM h;"

	/* What is decided by a second pair of eyes, whose the first were, and
	 * the act it was begun with. A person is what a duplicate's decision
	 * and a merge are about; begun anew whenever anybody writes to the record,
	 * as an application is by a new draft: who enrolled may have left, and all
	 * others been added by them since. */
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
	" UNION ALL SELECT 'person', p.id, p.enrolled_by, (SELECT max(b.id)"
	"   FROM audit AS b WHERE b.object = 'person ' || p.id)"
	"  FROM person AS p;"
	"CREATE VIEW same_hand (kind, id, first, officer, role, giver) AS"
	" SELECT f.kind, f.id, f.officer, h.officer, h.role, h.giver"
	"  FROM first_side AS f JOIN officer_hand AS h"
	"  ON h.hand = f.officer AND h.since > f.begun;",

	"CREATE TRIGGER application_same_hand BEFORE UPDATE OF state, approver"
	" ON application WHEN NEW.state = 'approved' AND "
	SAME_HAND("application", "NEW.id", "NEW.approver", "'approver'") REFUSE
	"CREATE TRIGGER waiver_same_hand BEFORE INSERT ON waiver WHEN "
	SAME_HAND("application", "NEW.application", "NEW.officer",
	    "'approver', 'manager'") REFUSE,
	"CREATE TRIGGER fund_request_same_hand BEFORE UPDATE OF state"
	" ON fund_request WHEN NEW.state = 'paid' AND "
	SAME_HAND("request", "NEW.id", "NEW.decided_by", "'manager'") REFUSE,
	/* 80 is DUP_HIGH. */
	"CREATE TRIGGER duplicate_same_hand BEFORE UPDATE OF decision ON duplicate"
	" WHEN NEW.decision IN ('different', 'twin') AND NEW.score >= 80 AND "
	SAME_HAND("person", "NEW.b", "NEW.decided_by", "'registrar', 'approver'")
	REFUSE,

	/* Nobody makes a record go that they enrolled. Who enrolled the one
	 * that stays may merge where the search itself has found them alike:
	 * else an office of two could not, whenever each enrolled one. */
	"CREATE TRIGGER person_merge_four_eyes BEFORE UPDATE OF state ON person"
	" WHEN NEW.state = 'merged' AND OLD.state <> 'merged' AND " MERGER
	"  IN (SELECT enrolled_by FROM person WHERE id = NEW.id OR"
	"  (id = NEW.merged_into AND NOT " FOUND_ALIKE("NEW") ")) BEGIN"
	" SELECT RAISE(ABORT, 'four_eyes: enrolled by the same officer'); END;"
	"CREATE TRIGGER person_merge_same_hand BEFORE UPDATE OF state ON person"
	" WHEN NEW.state = 'merged' AND OLD.state <> 'merged' AND ("
	SAME_HAND("person", "NEW.id", MERGER, "'registrar', 'approver'")
	" OR (NOT " FOUND_ALIKE("NEW") " AND "
	SAME_HAND("person", "NEW.merged_into", MERGER,
	    "'registrar', 'approver'") "))" REFUSE,

	/* For whoever looks afterwards: the secrets that another gave, until the
	 * officer changed theirs in a session of their own (not at the first
	 * log-in, where it must be); then also through managers, whose secret was
	 * another's still when they gave; and what was decided with such a secret
	 * and had been begun by that hand. A mistaken death cannot be begun anew,
	 * so that taking it back is only here. */
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
	"CREATE VIEW secret_hand (officer, hand, act, until) AS"
	" WITH RECURSIVE s AS MATERIALIZED (SELECT * FROM officer_secret_of),"
	" h (officer, hand, act, until, given) AS ("
	"  SELECT officer, giver, act, until, act FROM s"
	"  UNION SELECT h.officer, s.giver, h.act, h.until, s.act FROM h"
	"   JOIN s ON s.officer = h.hand AND h.given BETWEEN s.act AND s.until)"
	" SELECT officer, hand, act, until FROM h WHERE hand <> officer;",

	"CREATE INDEX duplicate_told_apart ON duplicate (decided)"
	" WHERE score >= 80 AND decision IN ('different', 'twin');"
	"CREATE INDEX person_event_decided ON person_event (at)"
	" WHERE event IN ('correction', 'merge');"
	"CREATE VIEW decided_same_hand (kind, id, other, officer, hand, at) AS"
	" WITH s AS MATERIALIZED (SELECT * FROM secret_hand)"
	" SELECT 'application', a.id, 0, a.approver, s.hand, a.decided"
	"  FROM application AS a JOIN s ON s.officer = a.approver"
	"  WHERE a.state IN ('approved', 'issued') AND"
	ACT_BY("'application ' || a.id", "application.approve", "a.decided")
	"   AND s.hand IN " FIRST_OF("application", "a.id")
	" UNION ALL SELECT 'waiver', w.application, 0, w.officer, s.hand, w.at"
	"  FROM waiver AS w JOIN s ON s.officer = w.officer WHERE"
	ACT_BY("'application ' || w.application", "fee.waive", "w.at")
	"   AND s.hand IN " FIRST_OF("application", "w.application")
	" UNION ALL SELECT 'request', f.id, 0, f.decided_by, s.hand, f.decided"
	"  FROM fund_request AS f JOIN s ON s.officer = f.decided_by"
	"  JOIN fund_entry AS e ON e.request = f.id AND e.kind = 'aid'"
	"  WHERE f.state = 'paid' AND s.hand = f.officer AND"
	ACT_BY("'fund ' || e.id", "fund.pay", "f.decided")
	" UNION ALL SELECT 'death', e.person, 0, e.officer, s.hand, e.at"
	"  FROM person_event AS e JOIN s ON s.officer = e.officer"
	"  WHERE e.event = 'correction' AND s.hand = (SELECT l.officer"
	"   FROM person_event AS l WHERE l.person = e.person AND"
	"   l.event = 'death' AND l.id < e.id ORDER BY l.id DESC LIMIT 1) AND"
	ACT_BY("'person ' || e.person", "person.correct", "e.at")
	" UNION ALL SELECT 'duplicate', d.a, d.b, d.decided_by, s.hand, d.decided"
	"  FROM duplicate AS d JOIN s ON s.officer = d.decided_by"
	"  WHERE d.score >= 80 AND d.decision IN ('different', 'twin') AND"
	"   (s.hand = d.alike_by OR s.hand = (SELECT p.enrolled_by"
	"    FROM person AS p WHERE p.id = d.b)) AND"
	ACT_BY("'duplicate ' || d.a || ' ' || d.b", "duplicate.decide", "d.decided")
	" UNION ALL SELECT 'merge', p.id, p.merged_into, e.officer, s.hand, e.at"
	"  FROM person_event AS e JOIN s ON s.officer = e.officer"
	"  JOIN person AS p ON p.id = e.person WHERE e.event = 'merge' AND"
	"   (s.hand = p.enrolled_by OR (NOT " FOUND_ALIKE("p") " AND s.hand ="
	"    (SELECT k.enrolled_by FROM person AS k WHERE k.id = p.merged_into)))"
	"   AND" ACT_BY("'person ' || p.id", "person.merge", "e.at") ";",

	/* By whom a person was enrolled is what the four eyes go by. */
	"CREATE TRIGGER person_enrolled_fixed BEFORE UPDATE OF id, enrolled,"
	" enrolled_by ON person BEGIN"
	" SELECT RAISE(ABORT, 'who enrolled a person, and when, stays'); END;"
	NEVER_REPLACED("person", "t.id = NEW.id")
	NEVER_REPLACED("person_event", "t.id = NEW.id")
	NEVER_REPLACED("officer_role",
	    "t.officer = NEW.officer AND t.role = NEW.role")
	NEVER_REPLACED("duplicate", "t.a = NEW.a AND t.b = NEW.b"),
};

SCHEMA_CHUNK(schema_eyes)
