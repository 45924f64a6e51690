/*
 * Portrait: the pieces of the demonstration's drawn people. person.c says what
 * somebody looks like, the others draw it, from back to front.
 */
#ifndef CEDULA_ISSUER_DEMO_PORTRAIT_PORTRAIT_H
#define CEDULA_ISSUER_DEMO_PORTRAIT_PORTRAIT_H

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include <cairo.h>

enum { WIDTH = 600, HEIGHT = 800 };

struct rgb {
	double r, g, b;
};

enum hair { HAIR_SHORT, HAIR_PART, HAIR_CURLS, HAIR_BALD, HAIR_LONG, HAIR_BUN,
	HAIR_WAVES, HAIR_BOB, HAIR_FRINGE };
enum clothes { CLOTHES_SHIRT, CLOTHES_JACKET, CLOTHES_ROUND, CLOTHES_VEE };

/* Lengths are in the face's own units: the skull is about 360 high, its middle
 * at the origin, y down. */
struct person {
	bool female, child, old;
	int age;
	struct rgb skin, dark, light, hair, iris, lips, cloth, cloth2, back;
	enum hair style;
	enum clothes clothes;
	double wide, jaw, chin;		/* half widths of the face, its end */
	double eye_x, eye_y, eye_w, eye_h;
	double brow_y, brow_thick, brow_tilt;
	double nose_y, nose_w;
	double mouth_y, mouth_w, lip_up, lip_low, smile;
	double line;			/* hairline */
	bool glasses, moustache, beard, earrings;
	double stoop;			/* width of neck and shoulders */
};
/* Fills all but the age, which is given; sex is m, f or x. The same arguments
 * give the same person. */
void		person_choose(struct person *p, uint64_t seed, char sex);

/* ---- ink.c: colours and shapes ---------------------------------------- */

struct rgb	hex(uint32_t c);
/* From a (t = 0) to b (t = 1). */
struct rgb	mix(struct rgb a, struct rgb b, double t);
/* Source: one colour. */
void		ink(cairo_t *c, struct rgb k, double alpha);
/* Source: a to b, from (x0, y0) to (x1, y1). */
void		ramp(cairo_t *c, double x0, double y0, double x1, double y1,
		    struct rgb a, struct rgb b);
/* Paints k fading outwards from (x, y) to nothing at radius r. */
void		glow(cairo_t *c, double x, double y, double r, struct rgb k,
		    double alpha);
/* Adds an ellipse to the path. */
void		ellipse(cairo_t *c, double x, double y, double rx, double ry);

/* ---- the drawing -------------------------------------------------------- */

/* Long hair falls behind neck and ears. */
void		draw_hair_behind(cairo_t *c, const struct person *p);
void		draw_neck(cairo_t *c, const struct person *p);
void		draw_clothes(cairo_t *c, const struct person *p);
void		draw_ears(cairo_t *c, const struct person *p);
void		draw_face(cairo_t *c, const struct person *p);
void		draw_age(cairo_t *c, const struct person *p);
void		draw_nose(cairo_t *c, const struct person *p);
void		draw_beard(cairo_t *c, const struct person *p);
void		draw_mouth(cairo_t *c, const struct person *p);
/* side is -1 or 1. */
void		draw_eye(cairo_t *c, const struct person *p, int side);
void		draw_brow(cairo_t *c, const struct person *p, int side);
void		draw_hair(cairo_t *c, const struct person *p);
void		draw_glasses(cairo_t *c, const struct person *p);

#endif
