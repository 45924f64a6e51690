/* The lists that persons are put together from: ordinary names, and nobody's. */
#include "tests/bench/people.h"

static const char *const spanish_male[] = {
	"José", "Juan", "Luis", "Carlos", "Francisco", "Antonio", "Manuel",
	"Miguel", "Pedro", "Jorge", "Mario", "Roberto", "Rafael", "Fernando",
	"Eduardo", "Ricardo", "Javier", "Alberto", "Enrique", "Ramón", "Óscar",
	"Víctor", "Jesús", "Ángel", "Marcos", "Raúl", "Sergio", "Alejandro",
	"Julio", "César", "Pablo", "Andrés", "Santiago", "Domingo", "Rubén",
	"Henry", "Marvin", "Elvis", "Wilber", "Nelson", "Denis", "Danilo",
	"Ernesto", "Gerardo", "Gustavo", "Hugo", "Ignacio", "Joaquín", "Leonel",
	"Moisés", "Noel", "Orlando", "Ramiro", "Rolando", "Salvador", "Tomás",
	"Uriel", "Vicente", "Walter", "Xavier", "Yader", "Bayardo", "Cristian",
	"Douglas", "Erick", "Félix", "Gabriel", "Héctor", "Isaac", "Jairo",
	"Kevin", "Lázaro", "Martín",
};

static const char *const spanish_female[] = {
	"María", "Ana", "Rosa", "Carmen", "Marta", "Juana", "Elena", "Isabel",
	"Teresa", "Luz", "Gloria", "Patricia", "Sandra", "Karla", "Juanita",
	"Margarita", "Guadalupe", "Esperanza", "Sofía", "Elizabeth", "Karen",
	"Claudia", "Verónica", "Adriana", "Francisca", "Josefa", "Antonia",
	"Fátima", "Lucía", "Yolanda", "Rosalía", "Blanca", "Mercedes", "Silvia",
	"Julia", "Martha", "Reina", "Xiomara", "Yahaira", "Zoila", "Argentina",
	"Brenda", "Cándida", "Damaris", "Esmeralda", "Flor", "Gema", "Heidy",
	"Ivania", "Jazmín", "Keyla", "Lesbia", "Maritza", "Nohemí", "Olga",
	"Perla", "Raquel", "Scarleth", "Tania", "Úrsula", "Vilma", "Wendy",
	"Yesenia", "Zoraida", "Beatriz", "Cecilia", "Dolores", "Estela",
	"Fidelina", "Graciela", "Hortensia", "Inés", "Jacinta", "Leticia",
	"Magdalena", "Nubia",
};

static const char *const spanish_surname[] = {
	"García", "López", "González", "Rodríguez", "Martínez", "Hernández",
	"Pérez", "Sánchez", "Ramírez", "Torres", "Flores", "Rivera", "Gómez",
	"Díaz", "Reyes", "Morales", "Cruz", "Ortiz", "Gutiérrez", "Chávez",
	"Ramos", "Ruiz", "Mendoza", "Álvarez", "Castillo", "Jiménez", "Romero",
	"Moreno", "Herrera", "Medina", "Aguilar", "Vargas", "Castro", "Guzmán",
	"Vásquez", "Muñoz", "Rojas", "Salazar", "Soto", "Delgado", "Peña",
	"Ríos", "Alvarado", "Sandoval", "Contreras", "Mejía", "Guerrero",
	"Espinoza", "Cabrera", "Campos", "Vega", "Maldonado", "Acosta",
	"Navarro", "Figueroa", "Suárez", "Lara", "Núñez", "Cordero", "Mora",
	"Solís", "Blandón", "Téllez", "Zeledón", "Chavarría", "Urbina", "Rocha",
	"Miranda", "Meza", "Padilla", "Ortega", "Fernández", "Domínguez",
	"Valle", "Leiva", "Zelaya", "Altamirano", "Baltodano", "Centeno",
	"Dávila", "Estrada", "Fonseca", "Galeano", "Huete", "Icaza", "Jarquín",
	"Laínez", "Matamoros", "Narváez", "Obando", "Palacios", "Quintanilla",
	"Robleto", "Somarriba", "Tijerino", "Ubeda", "Valdivia", "Zamora",
	"Zúñiga", "Argüello", "Bermúdez", "de la Cruz", "de los Santos",
	"del Carmen",
};

static const char *const spanish_begin[] = {
	"Al", "Ber", "Ca", "Co", "Da", "Es", "Fe", "Go", "Ho", "Ja", "La", "Ma",
	"Mo", "Na", "Or", "Pa", "Que", "Re", "Sa", "To", "Ur", "Va", "Vi", "Za",
};

static const char *const spanish_middle[] = {
	"ba", "ca", "da", "de", "la", "li", "lo", "ma", "me", "mon", "na", "ni",
	"no", "ra", "re", "ri", "ro", "sa", "so", "ta", "te", "ti", "va", "ve",
	"za", "che", "llo", "rra",
};

static const char *const spanish_end[] = {
	"da", "do", "na", "no", "ra", "ro", "les", "nes", "rez", "vas", "za",
	"zar", "rte", "nda", "ndo", "lla", "llo", "ño", "ña", "jo", "guez",
	"sco",
};

static const char *const spanish_place[] = {
	"Managua, Managua", "León, León", "Masaya, Masaya", "Granada, Granada",
	"Chinandega, Chinandega", "Estelí, Estelí", "Matagalpa, Matagalpa",
	"Jinotega, Jinotega", "Rivas, Rivas", "Ocotal, Nueva Segovia",
	"Somoto, Madriz", "Boaco, Boaco", "Juigalpa, Chontales",
	"Jinotepe, Carazo", "San Carlos, Río San Juan", "El Viejo, Chinandega",
	"Tipitapa, Managua", "Diriamba, Carazo", "Nagarote, León",
	"Camoapa, Boaco", "Nandaime, Granada", "Jalapa, Nueva Segovia",
	"Sébaco, Matagalpa", "La Dalia, Matagalpa", "Wiwilí, Jinotega",
	"Acoyapa, Chontales", "San Juan del Sur, Rivas", "Condega, Estelí",
	"Telica, León", "Corinto, Chinandega",
};

static const char *const portuguese_male[] = {
	"João", "José", "Antônio", "Francisco", "Carlos", "Paulo", "Pedro",
	"Lucas", "Luiz", "Marcos", "Luís", "Gabriel", "Rafael", "Daniel",
	"Marcelo", "Bruno", "Eduardo", "Felipe", "Raimundo", "Rodrigo",
	"Manoel", "Mateus", "André", "Fernando", "Fábio", "Leonardo", "Gustavo",
	"Guilherme", "Leandro", "Tiago", "Anderson", "Ricardo", "Márcio",
	"Jorge", "Sebastião", "Alexandre", "Roberto", "Edson", "Diego", "Vítor",
	"Sérgio", "Cláudio", "Thiago", "Geraldo", "Adriano", "Luciano", "Júlio",
	"Renato", "Alex", "Vinícius", "Rogério", "Samuel", "Ronaldo", "Mário",
	"Flávio", "Douglas", "Igor", "Davi", "Manuel", "Jeferson", "Cícero",
};

static const char *const portuguese_female[] = {
	"Maria", "Ana", "Francisca", "Antônia", "Adriana", "Juliana", "Márcia",
	"Fernanda", "Patrícia", "Aline", "Sandra", "Camila", "Amanda", "Bruna",
	"Jéssica", "Letícia", "Júlia", "Luciana", "Vanessa", "Mariana",
	"Gabriela", "Vera", "Vitória", "Larissa", "Cláudia", "Beatriz", "Rita",
	"Luana", "Sônia", "Renata", "Eliane", "Josefa", "Simone", "Natália",
	"Cristiane", "Carla", "Débora", "Rosângela", "Jaqueline", "Rosa",
	"Daniela", "Aparecida", "Marlene", "Terezinha", "Raimunda", "Andréia",
	"Fabiana", "Lúcia", "Raquel", "Ângela", "Rafaela", "Joana", "Luzia",
	"Elaine", "Daniele", "Daiane", "Alessandra", "Isabel", "Conceição",
};

static const char *const portuguese_surname[] = {
	"Silva", "Santos", "Oliveira", "Souza", "Pereira", "Lima", "Ferreira",
	"Costa", "Rodrigues", "Almeida", "Nascimento", "Alves", "Carvalho",
	"Araújo", "Ribeiro", "Sousa", "Gomes", "Martins", "Rocha", "Barbosa",
	"Lopes", "Fernandes", "Vieira", "Moreira", "Mendes", "Teixeira",
	"Barros", "Freitas", "Dias", "Castro", "Campos", "Cardoso", "Correia",
	"Cavalcanti", "Pinto", "Moura", "Ramos", "Monteiro", "Batista", "Nunes",
	"Machado", "Marques", "Melo", "Moraes", "Miranda", "Azevedo", "Borges",
	"Gonçalves", "Cunha", "Farias", "Duarte", "Magalhães", "Brito",
	"Guimarães", "Assunção", "Bragança", "Conceição", "Falcão", "Simões",
	"Galvão", "Queiroz", "Xavier", "Fonseca", "Tavares", "Macedo",
	"Siqueira", "Pacheco", "Medeiros", "Nogueira", "da Silva", "dos Santos",
	"de Oliveira", "da Costa", "do Nascimento",
};

static const char *const portuguese_begin[] = {
	"Al", "Ba", "Ca", "Cor", "Fa", "Fi", "Ga", "Gui", "Ju", "La", "Le",
	"Ma", "Mei", "No", "Pa", "Pe", "Qui", "Ra", "Sal", "Sei", "Tei", "Va",
	"Vi",
};

static const char *const portuguese_middle[] = {
	"bo", "ca", "ce", "da", "la", "lha", "li", "lo", "ma", "me", "mi", "na",
	"nha", "no", "ra", "re", "ri", "ro", "ta", "va", "ve", "xo",
};

static const char *const portuguese_end[] = {
	"ção", "ães", "eira", "eiro", "ela", "elho", "inha", "inho", "ões",
	"ora", "oso", "uza", "eda", "ado", "ido", "ns", "res",
};

static const char *const portuguese_place[] = {
	"Belém, Pará", "Manaus, Amazonas", "Macapá, Amapá",
	"Recife, Pernambuco", "Fortaleza, Ceará", "São Luís, Maranhão",
	"Salvador, Bahia", "Natal, Rio Grande do Norte", "Teresina, Piauí",
	"João Pessoa, Paraíba", "Boa Vista, Roraima", "Porto Velho, Rondônia",
	"Goiânia, Goiás", "Vitória, Espírito Santo", "Uberlândia, Minas Gerais",
	"Curitiba, Paraná", "Santarém, Pará", "Marabá, Pará", "Oiapoque, Amapá",
	"Parintins, Amazonas",
};

static const char *const haitian_male[] = {
	"Jean", "Joseph", "Pierre", "Jacques", "Wilner", "Frantz", "Yves",
	"Emmanuel", "Michel", "Ronald", "Reginald", "Evens", "Wilson", "Junior",
	"Jonas", "Claude", "Rony", "Patrick", "Wisly", "Guerdy", "Fritz",
	"Ernst", "Gérard", "André", "Louis", "Lucien", "Dieudonné", "Marc",
	"Daniel", "Roland", "Serge", "Mackenson", "Kervens", "Stanley",
	"Widlin", "Olivier", "Robenson", "Jeff", "Samuel", "Edner", "Chrisnel",
	"Jimmy", "Watson", "Fénel", "Exumé", "Jean-Pierre", "Jean-Claude",
	"Jean-Baptiste", "Jean-Robert",
};

static const char *const haitian_female[] = {
	"Marie", "Rose", "Nadège", "Guerline", "Mirlande", "Fabiola",
	"Roseline", "Islande", "Myriam", "Yolande", "Carline", "Darline",
	"Wideline", "Micheline", "Jésula", "Ketly", "Louna", "Esther",
	"Sophonie", "Widlène", "Chantale", "Ghislaine", "Magalie", "Béatrice",
	"Edith", "Lovely", "Manoucheka", "Nathalie", "Philomène", "Régine",
	"Solange", "Thérèse", "Vanessa", "Yvrose", "Ymonde", "Altagrâce",
	"Bernadette", "Célimène", "Dieula", "Francesca", "Gerda", "Jocelyne",
	"Marie-Ange", "Marie-Thérèse", "Rose-Marie",
};

static const char *const haitian_surname[] = {
	"Pierre", "Jean", "Joseph", "Charles", "Louis", "François", "Paul",
	"Auguste", "Jacques", "Étienne", "Baptiste", "Alexis", "Michel",
	"Dorvil", "Augustin", "Bien-Aimé", "Célestin", "Cadet", "Désir",
	"Delva", "Exantus", "Fleurant", "Fils-Aimé", "Germain", "Guillaume",
	"Hyppolite", "Innocent", "Jeudy", "Lafleur", "Laguerre", "Louissaint",
	"Mésidor", "Moïse", "Noël", "Normil", "Olivier", "Philippe", "Prophète",
	"Rémy", "Romain", "Saint-Louis", "Saint-Fleur", "Saintil", "Sylvain",
	"Thélusma", "Toussaint", "Valcin", "Victor", "Vilsaint", "Zéphirin",
	"Antoine", "Bazile", "Belizaire", "Cherubin", "Clerveaux", "Dieujuste",
	"Estimé", "Francisque", "Gédéon", "Honoré", "Jasmin", "Lamour",
	"Mondésir", "Nicolas", "Orélien", "Petit-Frère", "Raphaël", "Simon",
};

static const char *const haitian_begin[] = {
	"Au", "Ba", "Be", "Bon", "Ca", "Char", "Dé", "Dieu", "Do", "Fé", "Flo",
	"Ger", "Jo", "La", "Lou", "Mé", "Mon", "Or", "Pré", "Ro", "Sain", "Tou",
	"Va", "Vil",
};

static const char *const haitian_middle[] = {
	"bé", "cé", "di", "do", "la", "li", "lo", "mé", "mi", "na", "né", "ra",
	"ri", "ro", "sé", "si", "ta", "té", "ti", "vi",
};

static const char *const haitian_end[] = {
	"cin", "delle", "din", "fort", "lien", "lier", "lus", "mont", "mour",
	"nel", "ner", "net", "nor", "phin", "saint", "sil", "son", "tal",
	"teau", "ville", "xis",
};

static const char *const haitian_place[] = {
	"Port-au-Prince, Ouest", "Cap-Haïtien, Nord", "Gonaïves, Artibonite",
	"Les Cayes, Sud", "Jacmel, Sud-Est", "Port-de-Paix, Nord-Ouest",
	"Jérémie, Grand'Anse", "Hinche, Centre", "Saint-Marc, Artibonite",
	"Léogâne, Ouest", "Petit-Goâve, Ouest", "Miragoâne, Nippes",
	"Ouanaminthe, Nord-Est", "Mirebalais, Centre", "Limbé, Nord",
	"Carrefour, Ouest",
};

static const char *const miskito_male[] = {
	"Wilfred", "Rodolfo", "Melvin", "Hazel", "Norman", "Brooklyn",
	"Clarence", "Steadman", "Armstrong", "Osorno", "Lestel", "Marcos",
	"Winston", "Rufino", "Evaristo", "Benito", "Cleofes", "Edwin", "Roldán",
	"Nilo", "Alfredo", "Ronas", "Uriel", "Erasmo", "Julián", "Kevin",
	"Wesley", "Waldemar", "Hurley", "Demetrio", "Florentino", "Orlando",
	"Jerry", "Leonardo", "Simeón", "Bernabé", "Isidoro", "Modesto",
	"Ceferino", "Reynaldo",
};

static const char *const miskito_female[] = {
	"Myrna", "Hazel", "Rosita", "Nidia", "Anexa", "Mildred", "Rose",
	"Evelina", "Dorita", "Elsa", "Lidia", "Maritza", "Ercilia", "Bernicia",
	"Noemí", "Cristina", "Modesta", "Wilma", "Edith", "Lottie", "Emelina",
	"Delia", "Marcelina", "Nora", "Rufina", "Iselda", "Ofelia", "Amalia",
	"Lilian", "Celia", "Ramona", "Zulema", "Yelba", "Melania", "Priscila",
	"Elvira", "Suyapa", "Virginia",
};

static const char *const miskito_surname[] = {
	"Wilson", "Cunningham", "Lacayo", "Downs", "Hooker", "Law", "Müller",
	"Taylor", "Thompson", "Joseph", "Francis", "Rivera", "Watson", "Davis",
	"Coleman", "Fagoth", "Bent", "Simons", "Williams", "Morales", "Peralta",
	"Zamora", "Salgado", "Chow", "Pedro", "Escobar", "Padilla", "Omier",
	"Kingsman", "Panting", "Webster", "Woods", "Ramos", "Mora", "Centeno",
	"Emilio", "Benjamín", "Jacobo", "Frank", "Blucha", "Pikitle", "Kuan",
	"Talavera", "Wislaw", "Ingram", "Budier", "Antonio", "Martínez", "Bans",
	"Waldan", "Yunkiath", "Poveda", "Sambola", "Wayil", "Kitler", "Mairena",
	"Nicho", "Prolow", "Felipe", "Muller",
};

static const char *const miskito_begin[] = {
	"Wa", "Wi", "Pi", "Ta", "Sa", "Ku", "Li", "Ka", "Ba", "Da", "Ya", "Pra",
	"Twa", "Sla", "Kla", "Tas", "Wang", "Aw", "Su", "Yu",
};

static const char *const miskito_middle[] = {
	"la", "ki", "ba", "tla", "pa", "wa", "na", "ka", "ra", "sa", "ni", "mu",
	"li", "kwa", "ya", "ta",
};

static const char *const miskito_end[] = {
	"ba", "kira", "la", "na", "pa", "ra", "sa", "tara", "wala", "was",
	"yari", "tingni", "pura", "mak", "ka", "han", "bila",
};

static const char *const miskito_place[] = {
	"Bilwi, Puerto Cabezas", "Waspam, Río Coco",
	"Bluefields, Atlántico Sur", "Siuna, Las Minas", "Rosita, Las Minas",
	"Bonanza, Las Minas", "Prinzapolka, Atlántico Norte",
	"Laguna de Perlas, Atlántico Sur", "Corn Island, Atlántico Sur",
	"El Tortuguero, Atlántico Sur", "La Cruz de Río Grande, Atlántico Sur",
	"Puerto Lempira, Gracias a Dios", "Bocana de Paiwas, Atlántico Sur",
	"Karata, Puerto Cabezas", "Sandy Bay, Puerto Cabezas",
};

static const char *const english_male[] = {
	"John", "William", "James", "Robert", "George", "Charles", "Henry",
	"Michael", "David", "Thomas", "Edward", "Joseph", "Samuel", "Daniel",
	"Winston", "Dexter", "Leroy", "Glenford", "Kirk", "Desmond", "Clive",
	"Errol", "Trevor", "Sylvester", "Alvin", "Cecil", "Stanley", "Lloyd",
	"Rupert", "Egbert", "Floyd", "Kenneth", "Calvin", "Marlon", "Jermaine",
	"Delroy", "Kareem", "Shawn", "Tyrone", "Philip", "Andrew", "Peter",
	"Stephen", "Christopher", "Matthew", "Anthony", "Brian", "Raymond",
};

static const char *const english_female[] = {
	"Mary", "Elizabeth", "Margaret", "Sarah", "Anne", "Catherine",
	"Dorothy", "Grace", "Ruth", "Alice", "Florence", "Hazel", "Jennifer",
	"Nancy", "Linda", "Sharon", "Beverly", "Marcia", "Yvonne", "Claudette",
	"Shanique", "Latoya", "Keisha", "Tamara", "Nadine", "Paulette",
	"Marjorie", "Gladys", "Ivy", "Sylvia", "Vivian", "Joycelyn", "Rachel",
	"Rebecca", "Hannah", "Esther", "Deborah", "Shirley", "Cynthia",
	"Phyllis", "Camille", "Nicole", "Simone", "Kerry-Ann", "Mary-Jane",
	"Michelle", "Stephanie",
};

static const char *const english_surname[] = {
	"Smith", "Williams", "Johnson", "Brown", "Jones", "Davis", "Miller",
	"Wilson", "Taylor", "Thomas", "Campbell", "Hodgson", "Downs", "Bent",
	"Watson", "Clark", "Roberts", "Jackson", "Thompson", "James", "Allen",
	"Scott", "Gordon", "Reid", "Grant", "Morgan", "Walker", "Robinson",
	"Wright", "Hall", "Green", "Baker", "Bennett", "Edwards", "Henry",
	"Francis", "Lewis", "Stewart", "Clarke", "Morris", "Bailey", "Ebanks",
	"Bodden", "McLaughlin", "McLean", "Forbes", "Archbold", "Newball",
	"Hooker", "Howard", "Livingston", "Pomare", "Britton", "Stephens",
	"Phillips", "Wilkinson", "Humphries", "Forsythe", "Archibald",
	"Cuthbert", "Gayle", "Hinds", "Marshall", "Nembhard", "Pinnock", "Rowe",
	"Swaby", "Tulloch", "Wynter", "Whyte", "Young",
};

static const char *const english_begin[] = {
	"Ash", "Bar", "Black", "Brad", "Brook", "Clay", "Dal", "East", "Fair",
	"Gar", "Hart", "High", "King", "Lang", "Mar", "New", "Nor", "Old",
	"Pem", "Red", "Rock", "Sher", "Stan", "Strat", "Thorn", "Wal", "West",
	"Wid", "Wood", "York",
};

static const char *const english_middle[] = {
	"bo", "ber", "che", "der", "e", "i", "le", "ling", "ma", "me", "mer",
	"ne", "ring", "ro", "ster", "ter", "wor", "y",
};

static const char *const english_end[] = {
	"bank", "bourne", "bridge", "brook", "bury", "by", "croft", "dale",
	"field", "ford", "gate", "ham", "hurst", "land", "ley", "low", "man",
	"more", "ridge", "son", "stead", "stone", "ton", "well", "wick", "wood",
	"worth",
};

static const char *const english_place[] = {
	"Bluefields, South Caribbean", "Corn Island, South Caribbean",
	"Pearl Lagoon, South Caribbean", "Belize City, Belize",
	"Kingston, Surrey", "Montego Bay, Cornwall", "Georgetown, Demerara",
	"Port of Spain, Trinidad", "Bridgetown, Saint Michael",
	"Roatán, Bay Islands", "Limón, Limón", "San Andrés, San Andrés",
	"Colón, Colón", "Spanish Town, Middlesex",
};

static const char *const districts[] = {
	"San José", "Alajuela", "Liberia", "Limón", "Houston", "Los Angeles",
	"Miami", "Madrid", "Ciudad de Panamá", "San Salvador",
};

static const char *const sectors[] = {
	"construction", "agriculture", "domestic work", "security", "commerce",
	"hotels and restaurants", "transport", "manufacture", "education",
	"health", "fishing", "none",
};

static const char *const occupations[] = {
	"mason", "carpenter", "coffee picker", "banana worker",
	"domestic worker", "nurse", "guard", "cook", "waiter", "driver",
	"mechanic", "seamstress", "student", "shop assistant", "gardener",
	"welder", "electrician", "cleaner", "teacher", "packer", "fisher",
	"baker", "painter", "carer", "cane cutter", "pineapple worker",
	"accountant", "technician", "pensioner", "home duties",
};

static const char *const streets[] = {
	"Calle", "Avenida", "Barrio La Esperanza, calle",
	"Residencial Los Robles, calle", "Pasaje", "Camino Viejo",
	"Urbanización El Roble, calle", "Colonia Centro, calle",
};

#define LIST(a) { a, sizeof(a) / sizeof((a)[0]) }
#define NAMES(s, rare) { LIST(s##_male), LIST(s##_female), LIST(s##_surname), \
	LIST(s##_begin), LIST(s##_middle), LIST(s##_end), LIST(s##_place), rare }

const struct people_names people_names[STYLES] = {
	[STYLE_SPANISH] = NAMES(spanish, 35),
	[STYLE_PORTUGUESE] = NAMES(portuguese, 25),
	[STYLE_HAITIAN] = NAMES(haitian, 40),
	[STYLE_MISKITO] = NAMES(miskito, 45),
	[STYLE_ENGLISH] = NAMES(english, 35),
};

const struct people_list people_districts = LIST(districts);
const struct people_list people_sectors = LIST(sectors);
const struct people_list people_occupations = LIST(occupations);
const struct people_list people_streets = LIST(streets);
