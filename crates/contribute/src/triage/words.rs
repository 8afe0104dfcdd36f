//! Words that say which part of a body is in a picture: capital letters without accents, as
//! [`super::anatomy`] folds what it reads.

/// Words that say a head or what is next to it is in the picture. A word that is also used
/// elsewhere ("oral contrast", "body coil") is not here: alone it excludes nothing, and what
/// nothing excludes is held anyway.
pub(super) const HEAD: &[&str] = &[
    // English, and the terms of Body Part Examined
    "FACE", "FACES", "EYE", "EYES", "EYEBALL", "EYELID", "EYELIDS", "CORNEA", "NOSE", "NOSTRIL", "MOUTH",
    "TONGUE", "JAW", "JAWS", "TMJ", "TMJS", "TOOTH", "TEETH", "IAC", "IACS", "IAM", "IAMS", "EAC", "EAR",
    "EARS", "SELLA", "CTSPINE", "CSP", "CERV", "CHIN", "CHEEK", "CHEEKS", "LIP", "LIPS", "FOREHEAD",
    "THROAT", "VERTEX", "COW", "STROKE", "TIA", "CVA", "SEIZURE", "SEIZURES", "MIGRAINE", "TINNITUS",
    "VERTIGO", "MPRAGE", "FLAIR", "FMRI", "WB", "WBCT", "WBPET", "WBMR", "WBMRI", "WBDWI", "SCALP",
    "HIPPOCAMPUS", "EPILEPSY", "DEMENTIA", "PARKINSON", "ALZHEIMER", "PETROUS", "OPTIC", "OCULAR",
    "CCT", "NCCT", "CTH", "HD", "BRN", "SAH", "ICH", "SDH", "EDH", "TEMPBONE", "PARATHYROID", "AIRWAY", "AIRWAYS",
    "APNEA", "SIALO", "SNC", "CNS", "CBCT", "LENS",
    "PONS", "ICA", "ECA", "CCA", "VERTEBRALA", "OPG", "PANOREX", "HN", "ENT", "DBS", "PANSCAN",
    // German
    "GEBISS", "NASE", "NASEN", "AUGE", "OHR", "OHREN", "ZUNGE", "MUND", "NACKEN", "RACHEN", "NNH", "HWS",
    "HWK", "CMRT", "MKG", "KHBW", "SHT", "KINN", "HNO", "OPTIKUS", "SCHOCKRAUM",
    // French
    "TETE", "CERVEAU", "VISAGE", "COU", "NUQUE", "MACHOIRE", "MACHOIRES", "NEZ", "OEIL", "YEUX",
    "OREILLE", "OREILLES", "ROCHER", "ROCHERS", "BOUCHE", "LANGUE", "GORGE", "SELLE", "OPTIQUE", "AVC",
    "ORL", "CAVUM", "TSA", "ATM", "TEMPORAUX",
    // Spanish and Portuguese
    "CABEZA", "CABECA", "CARA", "ROSTRO", "ROSTO", "CEREBRO", "OJO", "OJOS", "OLHO", "OLHOS", "NARIZ",
    "OIDO", "OIDOS", "OUVIDO", "OUVIDOS", "ORELHA", "ORELHAS", "BOCA", "LENGUA", "LINGUA", "CUELLO",
    "PESCOCO", "NUCA", "GARGANTA", "SILLA", "SELA", "ICTUS", "VERTICE", "OPTICO", "MUELAS",
    // Italian
    "TESTA", "CAPO", "CERVELLO", "VOLTO", "VISO", "FACCIA", "COLLO", "NASO", "OCCHIO", "OCCHI",
    "ORECCHIO", "ORECCHIE", "ROCCA", "ROCCHE", "BOCCA", "GOLA", "OTTICO", "OTTICI", "TEMPORALI",
    // Dutch
    "HERSENEN", "NEK", "KAKEN", "TAND", "TANDEN", "GEBIT", "NEUS", "OOG", "OGEN", "OOR", "OREN",
    "TONG", "KEEL", "ROTSBEEN", "ROTSBEENDEREN", "CWK", "KNO", "BRUGHOEK", "BRUGHOEKEN", "HERSENSTAM",
    // Danish, Norwegian, Swedish, and their Latin
    "CAPUT", "COLLUM", "FACIES", "HOVED", "HODE", "HODET", "SKALLE", "ANSIGT", "ANSIKT", "ANSIKTE", "NAKKE",
    "NACKE", "KAEBE", "KJEVE", "KAKE", "KAKAR", "TANDER", "TAENDER", "TENNER", "NASA", "NAESE", "NESE",
    "OGA", "OGON", "OJE", "OJNE", "OYE", "OYNE", "ORON", "OREGANG", "TINNINGBEN", "TINNINGBEIN", "KLIPPEBEN",
    // Polish, Czech, Slovak
    "GLOWA", "GLOWY", "GLOWE", "GLOWIE", "SZYI", "NOSA", "ZEBA", "ZEBY", "ZEBOW", "OKO", "OKA", "OCZU",
    "OCZY", "UCHO", "UCHA", "USZU", "USZY", "KARK", "KARKU", "HLAVA", "HLAVY", "HLAVU", "MOZEK", "MOZKU",
    "KRK", "KRKU", "LEBKA", "LEBKY", "OBLICEJ", "OBLICEJE",
    // Turkish
    "KAFA", "KAFATASI", "BEYIN", "YUZ", "BOYUN", "CENE", "BURUN", "GOZ", "KULAK", "GIRTLAK", "DISLER",
    "DISLERI", "SERVIKAL", "KBB",
    // Finnish, Hungarian, Romanian
    "KALLO", "KAULA", "AIVOT", "AIVOJEN", "KASVOT", "KOPONYA", "NYAK", "AGYKOPONYA", "GATULUI", "FATA",
    "PAA", "PAAN", "AGY", "AGYI", "NYAKI", "GAT", "GATULUI", "FEJ", "CREIER", "CREIERULUI", "VDN",
    // Malay and Indonesian, Baltic and southern Slavic languages, Vietnamese, Filipino
    "KEPALA", "LEHER", "OTAK", "WAJAH", "GALVA", "GALVAS", "SMADZENES", "KAKLS", "GALVOS", "SMEGENYS", "PEA", "AJU", "KAEL",
    "GLAVA", "GLAVE", "MOZAK", "MOZGA", "VRAT", "VRATA", "SIJA", "SIJE", "ULO", "LEEG",
    // Russian, Ukrainian, Greek
    "МОЗОК", "ГЛАВА", "ВРАТ", "ШИЯТА", "ГМ", "ППН", "ВНЧС", "ШОП", "ОРБИТ", "ОРБИТЫ", "ОРБИТА",
    "ГОЛОВА", "ГОЛОВЫ", "ГОЛОВИ", "ГОЛОВНОГО", "ГОЛОВНОЙ", "ШЕЯ", "ШЕИ", "ШИЯ", "ШИІ", "ЛИЦО", "ЛИЦА",
    "ГЛАЗ", "ГЛАЗА", "НОС", "НОСА", "ЗУБЫ", "ΚΕΦΑΛΗ", "ΚΕΦΑΛΙ", "ΚΕΦΑΛΗΣ", "ΤΡΑΧΗΛΟΣ", "ΑΥΧΕΝΑΣ",
];

/// Words whose accents tell them from others, as they are written.
pub(super) const HEAD_ACCENTED: &[&str] = &["BAŞ", "BAŞI", "DİŞ", "ÖRA", "ØRE", "ØRER", "ZĄB", "FAȚĂ"];

/// Beginnings of words that say the same.
pub(super) const HEAD_BEGIN: &[&str] = &[
    // English and what most languages share
    "NEURO", "ORBIT", "SINUS", "NASAL", "NASOPHAR", "NASOFAR", "MASTOID", "PITUIT", "CERVIC", "CERVIK",
    "ZERVIK", "JUGUL", "YUGUL", "WILLIS", "ODONTO", "ATLANTO", "DENTA", "DENTI", "DENTE", "DENTS", "DENTO", "COCHL", "AUDITOR", "AUDITIV", "AUDITIF", "TONSIL", "PALAT",
    "SALIVA", "SUBMANDIB", "SUBMENT", "EPIGLOT", "GLOTT", "VOCAL", "OPHTHALM", "OFTALM", "RETIN", "LACRI",
    "LAKRI", "DACRYO", "OLFACT", "TRIGEM", "MENING", "GLIO", "THALAM", "HYPOTHALAM", "FONTANEL", "ZYGOM",
    "HYOID", "THYR", "TYRE", "TIRO", "TIRE", "CALVARI", "ACOUST", "CSPINE", "HYDROCEPH", "HYDROZEPH",
    "ORTHOPAN", "ORTOPAN", "SUPRAAORT", "SOVRAAORT", "SOVRAORT", "SUPRAORT", "VERTEBROBAS", "ADENOID",
    "POLYTRAUM", "POLITRAUM", "TRAUMASPIR", "CHIASM", "OPTICN", "OPTICCH", "CAVITYORAL",
    "ARCKOPONY", "FERNRONTGEN", "FERNROENTGEN",
    // German and Dutch
    "KOPF", "HALS", "AUGEN", "OHRMUSCH", "NASEN", "ZAHN", "ZAEHN", "MUNDBODEN", "MUNDHO", "ZUNGEN",
    "KEHLK", "SPEICHELDR", "HYPOPH", "SCHEDEL", "GEZICHT", "AANGEZICHT", "SPEEKSEL", "NEUSB", "TANDH",
    "OOGKAS", "KAAK", "NEKWERVEL", "OHRSP", "STIRN", "SCHLAFE", "SCHLAEFE",
    // Romance languages
    "MACHOIR", "MASCEL", "PENASC", "HIPOF", "IPOFI", "DIENTE", "BUCCO", "BUCO",
    // Scandinavian and Slavic languages
    "HUVUD", "HOVUD", "HJARN", "HJERN", "BIHAL", "BIHUL", "HELKROP", "CZASZK", "MOZG", "TWARZ", "SZYJ",
    "SZCZEK", "ZUCHW", "ZATOK", "OCZODOL", "PRZYSADK", "KRTAN", "GARDL", "DOGLOW", "SLINIAN", "NOSOW",
    "HIPOFIZ", "МОЗГ", "ЧЕРЕП", "ЛИЦЕВ", "ШЕЙН", "ШИЙН", "ГЛАЗН", "ЧЕЛЮСТ", "ГОРТАН", "ПРИДАТОЧН",
    "ГОЛОВ", "ΕΓΚΕΦΑΛ", "ΚΡΑΝΙ",
];

/// Parts of words, for languages that write words together and people who do.
pub(super) const HEAD_INSIDE: &[&str] = &[
    "HEAD", "BRAIN", "SKULL", "NECK", "FACIAL", "FACCIAL", "FASIAL", "FASYAL", "FACIO", "CAROT", "KAROT", "CRANI", "KRANI", "CRANE",
    "CEREB", "SEREBR", "ZEREBR", "ENCEPH", "ENZEPH", "ENCEFAL", "ENSEFAL", "MAXIL", "MAKSIL", "MANDIB",
    "PARANAS", "PHARYN", "PHARING", "FARYN", "FARING", "LARYN", "LARING", "OCCIPIT", "OKZIPIT", "PAROTI",
    "HYPOPHYS", "HYPOFYS", "TYROID", "TIROID", "TIREOID", "WHOLEBODY", "TOTALBODY", "FULLBODY",
    "SCHADEL", "SCHAEDEL", "HIRN", "GESICHT", "KIEFER", "NEBENHOHL", "NEBENHOEHL", "FELSENBEIN",
    "SCHLAFENBEIN", "SCHLAEFENBEIN", "INNENOHR", "MITTELOHR", "SCHILDDR", "GANZKORPER", "GANZKOERPER",
    "HOOFD", "HERSEN", "BIJHOLT", "SCHILDKLIER", "HUVUD", "KAKLED", "SKOLDKORT", "TARCZYC", "OCZODOL",
    "TEMPORALB",
];

/// Words that say the same together, written as one; a word or two or three in a row may begin so.
pub(super) const HEAD_JOINED: &[&str] = &[
    "CSPINE", "CTLSPINE", "TBONE", "TEMPORALBONE", "TEMPORALLOBE", "TEMPORALART", "LOBETEMPOR",
    "OSTEMPORAL", "HUESOTEMPORAL", "HUESOSTEMPORAL", "OSSOTEMPORAL", "OSSOSTEMPORA", "OSSATEMPORAL",
    "OSSOTEMPORALE", "TEMPORALKEMIK", "KOSCSKRONIOW", "KOSCISKRONIOW", "ORALCAVITY", "VERTEBRALARTER",
    "SUPRAAORT", "SUPRAAORTIC", "CERVSPINE", "NECKSPINE", "VOCALCORD", "POSTERIORFOSSA", "FOSAPOST", "FOSSEPOST", "FOSSAPOST",
    "WHOLEBODY", "TOTALBODY", "FULLBODY", "ENTIREBODY", "COMPLETEBODY", "ALLBODY", "BODYTOTAL",
    "WHOLEBOD", "GANZERKORPER", "GANZERKOERPER", "GANZKORPER", "GANZKOERPER", "CORPSENTIER", "CORPSTOTAL",
    "CORPSCOMPLET", "CUERPOENTERO", "CUERPOCOMPLETO", "CUERPOTOTAL", "CORPOINTERO", "CORPOINTEIRO",
    "CORPOTOTAL", "CORPOCOMPLETO", "TOTALCORPO", "TOTAALLICHAAM", "TOTALELICHAAM", "HELELICHAAM",
    "GEHELELICHAAM", "VOLLEDIGLICHAAM", "CALECIALO", "CALEGOCIALA", "CIALOCALE", "CELETELO", "TUMVUCUT",
    "TUMBEDEN", "BUTUNVUCUT", "HELAKROPPEN", "HELEKROPPEN", "HELKROPP", "HELKROP", "HELEKROP",
    "WHOLESPINE", "FULLSPINE", "TOTALSPINE", "ENTIRESPINE", "COMPLETESPINE", "ALLSPINE", "GANZEWIRBEL",
    "GESAMTEWIRBEL", "RACHISENTIER", "RACHISCOMPLET", "RACHISTOTAL", "COLUMNACOMPLETA", "COLUMNATOTAL",
    "COLUMNAENTERA", "COLUNATOTAL", "COLUNACOMPLETA", "COLONNAINTERA", "COLONNATOTALE",
    "TRAUMASCAN", "PANSCAN", "TRAUMASPIRAL", "PANCT", "GAMMAKNIFE", "SONAO", "DUTINYNOSNI",
];

/// Letters of languages that put no spaces between words.
pub(super) const HEAD_LETTERS: &[&str] = &[
    "頭", "头", "頸", "頚", "颈", "顔", "顏", "颜", "脸", "臉", "脳", "脑", "腦", "眼", "鼻", "耳", "顎", "颌",
    "頜", "歯", "牙", "喉", "咽", "舌", "口腔", "全身", "甲状腺", "甲狀腺", "두부", "뇌", "경부", "경추", "안면",
    "얼굴", "머리", "전신", "안와", "부비동", "두경", "ศีรษะ", "สมอง", "คอ", "หน้า", "رأس", "راس", "مخ", "دماغ", "رقبة", "وجه",
    "颅", "顱", "垂体", "垂體", "面部", "턱", "치아", "جمجمة", "مغز",
    "ראש", "מוח", "צוואר", "פנים", "सिर", "मस्तिष्क", "गर्दन", "चेहरा",
];

/// Words that say which other part it is.
pub(super) const ELSEWHERE: &[&str] = &[
    "CHEST", "THORAX", "THORACIC", "LUNG", "LUNGS", "HEART", "CARDIAC", "CORONARY", "AORTA", "ABDOMEN",
    "ABDOMINAL", "ABD", "PELVIS", "PELVIC", "LIVER", "KIDNEY", "KIDNEYS", "RENAL", "PANCREAS", "SPLEEN",
    "BLADDER", "PROSTATE", "UTERUS", "OVARY", "CERVIX", "RECTUM", "COLON", "BOWEL", "STOMACH", "BREAST",
    "BREASTS", "MAMMA", "KNEE", "HIP", "HIPS", "ANKLE", "FOOT", "FEET", "LEG", "LEGS", "THIGH", "CALF",
    "FEMUR", "TIBIA", "FIBULA", "CALCANEUS", "TOE", "EXTREMITY", "UPPEREXTREMITY", "LOWEREXTREMITY",
    "HAND", "WRIST", "FINGER", "THUMB", "ELBOW", "FOREARM", "ARM", "HUMERUS", "SHOULDER", "CLAVICLE",
    "SCAPULA", "STERNUM", "RIB", "LSPINE", "TSPINE", "LUMBAR", "LWS", "SACRUM", "SACRAL", "COCCYX",
    "SSPINE", "LSSPINE", "TLSPINE", "ADRENAL", "GALLBLADDER", "BILEDUCT", "MRCP", "SCROTUM", "TESTIS",
    "PENIS", "KNIE", "HUFTE", "BECKEN", "LEBER", "LUNGE", "HERZ", "NIERE", "GENOU", "HANCHE", "FOIE",
    "MAMMO", "MAMMOGRAPHY", "MAMMOGRAPHIE", "TORACE", "CTPA", "KUB", "UROGRAM", "COLONOGRAPHY", "PULMONARY",
    "ENTEROGRAPHY", "BWS", "SCHULTER", "HANDGELENK", "ELLENBOGEN", "SPRUNGGELENK", "OSG", "ISG", "OBERSCHENKEL",
    "UNTERSCHENKEL", "FUSS", "EPAULE", "CHEVILLE", "POIGNET", "HOMBRO", "OMBRO", "JOELHO", "GINOCCHIO", "POLSO",
    "ABDOMENPELVIS", "CHESTABDOMEN", "CHESTABDPELVIS", "LOWERLIMB", "UPPERLIMB", "UPPERARM", "LOWERLEG",
    "PATELLA", "RADIUS", "ULNA", "TIBIAFIBULA", "SIJOINT", "MEDIASTINUM", "ESOPHAGUS", "URETER", "VAGINA",
    "ANCA", "BEKKEN", "BUIK", "POUMON", "RODILLA", "CADERA", "HIGADO", "PULMON", "TORAX", "ADDOME", "PIEDE",
];

/// Of these, the ones that are also written in two words.
pub(super) const ELSEWHERE_JOINED: &[&str] = &["LSPINE", "TSPINE", "SSPINE", "LSSPINE", "TLSPINE"];
