#include <stdlib.h>
#include <string.h>

#include "issuer/register/dupkey.h"

/* A name that no list knows: one person in five hundred, in tenths of a bit. */
#define RARE 90

struct common_name {
	const char *word;
	int rarity;
};

/* What many persons are called; sorted. One in twenty says 45, one in a hundred
 * 65: shares of the published lists of surnames and given names. */
static const struct common_name common[] = {
	{ "ACOSTA", 65 }, { "ADRIANA", 65 }, { "AGUILAR", 65 },
	{ "ALBERTO", 65 }, { "ALEJANDRO", 65 }, { "ALEXIS", 65 },
	{ "ALLEN", 65 }, { "ALMEIDA", 65 }, { "ALVARADO", 65 },
	{ "ALVAREZ", 65 }, { "ALVES", 65 }, { "ANA", 45 }, { "ANGEL", 65 },
	{ "ANNE", 65 }, { "ANTONIA", 65 }, { "ANTONIO", 45 }, { "ARAUJO", 65 },
	{ "AUGUSTE", 65 }, { "BAPTISTE", 65 }, { "BARBOSA", 65 },
	{ "BENT", 65 }, { "BLANCA", 65 }, { "BLANDON", 65 }, { "BROWN", 65 },
	{ "CABRERA", 65 }, { "CAMPBELL", 65 }, { "CAMPOS", 65 },
	{ "CARLA", 65 }, { "CARLOS", 45 }, { "CARMEN", 65 }, { "CARVALHO", 65 },
	{ "CASTILLO", 65 }, { "CASTRO", 65 }, { "CHARLES", 65 },
	{ "CHAVARRIA", 65 }, { "CHAVEZ", 65 }, { "CLARK", 65 },
	{ "CLAUDIA", 65 }, { "CONTRERAS", 65 }, { "CORDERO", 65 },
	{ "COSTA", 65 }, { "CRUZ", 65 }, { "DANIEL", 65 }, { "DAVID", 65 },
	{ "DAVIS", 65 }, { "DELGADO", 65 }, { "DIAZ", 65 }, { "DOMINGUEZ", 65 },
	{ "DORVIL", 65 }, { "DOWNS", 65 }, { "EDUARDO", 65 }, { "ELENA", 65 },
	{ "ELIZABETH", 65 }, { "ENRIQUE", 65 }, { "ESPERANZA", 65 },
	{ "ESPINOSA", 65 }, { "ESPINOZA", 65 }, { "ETIENNE", 65 },
	{ "FATIMA", 65 }, { "FERNANDES", 65 }, { "FERNANDEZ", 65 },
	{ "FERNANDO", 65 }, { "FERREIRA", 65 }, { "FIGUEROA", 65 },
	{ "FLORES", 65 }, { "FRANCISCA", 65 }, { "FRANCISCO", 45 },
	{ "FRANCOIS", 65 }, { "GARCIA", 45 }, { "GEORGE", 65 },
	{ "GLORIA", 65 }, { "GOMES", 65 }, { "GOMEZ", 65 }, { "GONZALEZ", 45 },
	{ "GUADALUPE", 65 }, { "GUERRERO", 65 }, { "GUTIERREZ", 65 },
	{ "GUZMAN", 65 }, { "HENRY", 65 }, { "HERNANDEZ", 45 },
	{ "HERRERA", 65 }, { "HODGSON", 65 }, { "ISABEL", 65 },
	{ "JACKSON", 65 }, { "JACQUES", 65 }, { "JAMES", 65 }, { "JAVIER", 65 },
	{ "JEAN", 45 }, { "JENNIFER", 65 }, { "JESUS", 65 }, { "JIMENEZ", 65 },
	{ "JOAO", 65 }, { "JOHN", 45 }, { "JOHNSON", 65 }, { "JONES", 65 },
	{ "JORGE", 65 }, { "JOSE", 45 }, { "JOSEFA", 65 }, { "JOSEPH", 65 },
	{ "JUAN", 45 }, { "JUANA", 65 }, { "JUANITA", 65 }, { "JULIA", 65 },
	{ "KAREN", 65 }, { "KARLA", 65 }, { "KEVIN", 65 }, { "LARA", 65 },
	{ "LEIVA", 65 }, { "LIMA", 65 }, { "LINDA", 65 }, { "LOPES", 65 },
	{ "LOPEZ", 45 }, { "LOUIS", 65 }, { "LUCIA", 65 }, { "LUIS", 45 },
	{ "LUZ", 65 }, { "MALDONADO", 65 }, { "MANUEL", 65 }, { "MARCOS", 65 },
	{ "MARGARITA", 65 }, { "MARIA", 45 }, { "MARIE", 45 }, { "MARIO", 65 },
	{ "MARTA", 65 }, { "MARTHA", 65 }, { "MARTIN", 65 }, { "MARTINEZ", 45 },
	{ "MARTINS", 65 }, { "MARY", 45 }, { "MEDINA", 65 }, { "MEJIA", 65 },
	{ "MENDES", 65 }, { "MENDOZA", 65 }, { "MERCEDES", 65 }, { "MEZA", 65 },
	{ "MICHAEL", 65 }, { "MICHEL", 65 }, { "MIGUEL", 65 }, { "MILLER", 65 },
	{ "MIRANDA", 65 }, { "MORA", 65 }, { "MORALES", 65 }, { "MOREIRA", 65 },
	{ "MORENO", 65 }, { "MUNOZ", 65 }, { "NANCY", 65 },
	{ "NASCIMENTO", 65 }, { "NAVARRO", 65 }, { "NUNEZ", 65 },
	{ "OLIVEIRA", 65 }, { "ORTEGA", 65 }, { "ORTIZ", 65 }, { "OSCAR", 65 },
	{ "PADILLA", 65 }, { "PATRICIA", 65 }, { "PAUL", 65 }, { "PAULO", 65 },
	{ "PEDRO", 65 }, { "PENA", 65 }, { "PEREIRA", 65 }, { "PEREZ", 45 },
	{ "PIERRE", 45 }, { "RAFAEL", 65 }, { "RAMIREZ", 65 }, { "RAMON", 65 },
	{ "RAMOS", 65 }, { "RAUL", 65 }, { "REYES", 65 }, { "RIBEIRO", 65 },
	{ "RICARDO", 65 }, { "RIOS", 65 }, { "RIVERA", 65 }, { "ROBERT", 65 },
	{ "ROBERTO", 65 }, { "ROBERTS", 65 }, { "ROCHA", 65 },
	{ "RODRIGUES", 65 }, { "RODRIGUEZ", 45 }, { "ROJAS", 65 },
	{ "ROMERO", 65 }, { "ROSA", 65 }, { "ROSALIA", 65 }, { "ROSE", 65 },
	{ "RUIZ", 65 }, { "SAINT", 65 }, { "SALAZAR", 65 }, { "SANCHEZ", 45 },
	{ "SANDOVAL", 65 }, { "SANDRA", 65 }, { "SANTOS", 45 }, { "SARAH", 65 },
	{ "SCOTT", 65 }, { "SERGIO", 65 }, { "SILVA", 45 }, { "SILVIA", 65 },
	{ "SMITH", 45 }, { "SOFIA", 65 }, { "SOLIS", 65 }, { "SOTO", 65 },
	{ "SOUSA", 65 }, { "SOUZA", 65 }, { "SUAREZ", 65 }, { "TAYLOR", 65 },
	{ "TEIXEIRA", 65 }, { "TELLEZ", 65 }, { "TERESA", 65 },
	{ "THOMAS", 65 }, { "THOMPSON", 65 }, { "TORRES", 65 },
	{ "URBINA", 65 }, { "VALLE", 65 }, { "VARGAS", 65 }, { "VASQUEZ", 65 },
	{ "VAZQUEZ", 65 }, { "VEGA", 65 }, { "VERONICA", 65 }, { "VICTOR", 65 },
	{ "VIEIRA", 65 }, { "WATSON", 65 }, { "WILLIAM", 65 },
	{ "WILLIAMS", 45 }, { "WILSON", 65 }, { "YOLANDA", 65 },
	{ "ZELAYA", 65 }, { "ZELEDON", 65 },
};

static int
by_word(const void *key, const void *element)
{
	return strcmp(key, ((const struct common_name *)element)->word);
}

int
dup_rarity(const char *word)
{
	const struct common_name *n = bsearch(word, common,
	    sizeof(common) / sizeof(common[0]), sizeof(common[0]), by_word);

	if (n != NULL)
		return n->rarity;
	/* An initial is one of twenty letters. */
	return word[0] == '\0' || word[1] == '\0' ? 20 : RARE;
}
