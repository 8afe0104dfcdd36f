//! Made-up people: names of many cultures, with numbers, addresses and the staff around them.

use cordon_synth::Charset;

use crate::date::Day;
use crate::random::Random;

/// Where a person's names, addresses and numbers come from.
#[derive(Debug, Clone, Copy)]
struct Culture {
    charset: Charset,
    families: &'static [&'static str],
    women: &'static [&'static str],
    men: &'static [&'static str],
    /// Street with `#` for the number; what names it stands between `*`.
    streets: &'static [&'static str],
    towns: &'static [&'static str],
    /// `9` becomes a figure.
    postal: &'static str,
    phone: &'static str,
    id: &'static str,
    national: &'static str,
    domain: &'static str,
    /// Hospital: what names it stands between `*`.
    hospitals: &'static [&'static str],
    /// Name in other scripts, as family and given name: the romanised form, ideograms, sounds.
    scripts: &'static [[&'static str; 6]],
}

const NO_SCRIPTS: &[[&str; 6]] = &[];

#[rustfmt::skip]
const CULTURES: &[Culture] = &[
    Culture {
        charset: Charset::Latin1,
        families: &["Müller", "Schäfer", "Groß", "Brückner", "Oberländer", "Kessler", "Weißenborn", "Hölderlin", "Tannhäuser", "von der Heide", "Ackermann"],
        women: &["Jördis", "Käthe", "Annegret", "Ulrike", "Friederike", "Hannelore"],
        men: &["Jörg", "Wolfgang", "Günther", "Matthias", "Björn", "Eckhard"],
        streets: &["*Linden*straße #", "*Goethe*allee #", "Am *Sonnenhang* #", "*Brücken*gasse #"],
        towns: &["Beispielstadt", "Musterhausen", "Oberprobe", "Niederfingen"],
        postal: "99999", phone: "+49 555 999999", id: "KH-9999999", national: "99 999999 M 999", domain: "beispielklinik.example",
        hospitals: &["Klinikum *Beispielstadt*", "*Rosenhof*-Klinik", "Universitätsmedizin *Musterhausen*"],
        scripts: NO_SCRIPTS,
    },
    Culture {
        charset: Charset::Utf8,
        families: &["Nováková", "Dvořáková", "Černá", "Řeháková", "Šťastná", "Kučerová"],
        women: &["Žofie", "Ludmila", "Božena", "Květoslava"],
        men: &["Řehoř", "Ondřej", "Vojtěch", "Zdeněk"],
        streets: &["*Příkladná* #", "*Lipová* #", "Nad *Řekou* #"],
        towns: &["Vzorov", "Horní Ukázka", "Lhotka nad Příkladem"],
        postal: "999 99", phone: "+420 555 999 999", id: "CZ999999", national: "999999/9999", domain: "nemocnice.example",
        hospitals: &["Nemocnice *Vzorov*", "Fakultní nemocnice *Ukázka*"],
        scripts: NO_SCRIPTS,
    },
    Culture {
        charset: Charset::Japanese,
        families: &["Yamada"], women: &["Hanako"], men: &["Tarou"],
        streets: &["*Reibai* #-2-8", "*Sakuragaoka* #-11"],
        towns: &["Mihon-shi", "Rei-machi"],
        postal: "999-9999", phone: "+81 555 99 9999", id: "JP9999999", national: "9999 9999 9999", domain: "byouin.example",
        hospitals: &["*Mihon* General Hospital", "*Reibai* Medical Center"],
        scripts: &[
            ["Yamada", "Rika", "山田", "梨花", "やまだ", "りか"],
            ["Suzuki", "Misaki", "鈴木", "美咲", "すずき", "みさき"],
            ["Satou", "Kenji", "佐藤", "健二", "さとう", "けんじ"],
            ["Takagi", "Hiro", "高木", "浩", "たかぎ", "ひろ"],
        ],
    },
    Culture {
        charset: Charset::Ascii,
        families: &["Okafor", "Adeyemi", "Nwachukwu", "Babangida", "Olorunfemi"],
        women: &["Chidinma", "Folasade", "Ngozi", "Adaeze"],
        men: &["Chukwuemeka", "Babatunde", "Oluwaseun", "Ikenna"],
        streets: &["# *Specimen* Road", "# *Palmgrove* Close", "# *Harbour View* Crescent"],
        towns: &["Exampleton", "Port Sample"],
        postal: "EX9 9SP", phone: "+44 555 0199999", id: "MRN9999999", national: "999 999 9999", domain: "infirmary.example",
        hospitals: &["*Exampleton* Royal Infirmary", "*Port Sample* Teaching Hospital"],
        scripts: NO_SCRIPTS,
    },
    Culture {
        charset: Charset::Ascii,
        families: &["Whitcombe", "O'Hanrahan", "Fitzwilliam", "McAllister", "Thistlewood", "Pennyfeather", "Hodgkin", "Younger"],
        women: &["Eleanor", "Siobhan", "Philippa", "Rosamund"],
        men: &["Leopold", "Cuthbert", "Alasdair", "Montgomery"],
        streets: &["# *Larkspur* Lane", "# *Old Mill* Drive", "Apt # *Chestnut* Avenue"],
        towns: &["Sampleville", "Mockingham", "Testbury-on-Sea"],
        postal: "99999-9999", phone: "(555) 555-9999", id: "9999999", national: "999-99-9999", domain: "mockingham.example",
        hospitals: &["St. *Brendan's* Hospital", "*Mockingham* Memorial Hospital", "*Larkspur* Imaging Center"],
        scripts: NO_SCRIPTS,
    },
    Culture {
        charset: Charset::Latin1,
        families: &["Muñoz García", "Ibáñez", "Peñalosa", "Quiñones", "Zúñiga"],
        women: &["Begoña", "Inmaculada", "Encarnación", "Íñiga"],
        men: &["Íñigo", "Ramón", "Jesús", "Hernán"],
        streets: &["Calle de la *Muestra* #", "Avenida *Ejemplar* #"],
        towns: &["Villaejemplo", "San Muestrario"],
        postal: "99999", phone: "+34 555 999 999", id: "NHC-9999999", national: "99999999-K", domain: "hospital-ejemplo.example",
        hospitals: &["Hospital *Villaejemplo*", "Clínica *San Muestrario*"],
        scripts: NO_SCRIPTS,
    },
    Culture {
        charset: Charset::Utf8,
        families: &["Öztürk", "Yıldırım", "Çelikkol", "Şahinoğlu", "Güneşdoğdu"],
        women: &["Ayşegül", "Nurşen", "Gülçin", "Özlem"],
        men: &["Oğuzhan", "Süleyman", "Çağatay", "İbrahim"],
        streets: &["*Örnek* Sokak #", "*Çamlık* Caddesi #"],
        towns: &["Örnekköy", "Denemeşehir"],
        postal: "99999", phone: "+90 555 999 9999", id: "TR-999999", national: "99999999999", domain: "hastane.example",
        hospitals: &["*Örnekköy* Devlet Hastanesi"],
        scripts: NO_SCRIPTS,
    },
    Culture {
        charset: Charset::Utf8,
        families: &["Wang"], women: &["Xiaoming"], men: &["Xiaodong"],
        streets: &["*Yangben* Lu # Hao", "*Shili* Jie #"],
        towns: &["Yangbencheng", "Shilizhen"],
        postal: "999999", phone: "+86 555 9999 9999", id: "CN99999999", national: "999999199999999999", domain: "yiyuan.example",
        hospitals: &["*Yangben* People's Hospital"],
        scripts: &[
            ["Wang", "Xiaodong", "王", "小東", "", ""],
            ["Zhang", "Meiling", "張", "美玲", "", ""],
            ["Ouyang", "Zhenhua", "歐陽", "振華", "", ""],
            ["Hong", "Gildong", "洪", "吉洞", "홍", "길동"],
        ],
    },
    Culture {
        charset: Charset::Utf8,
        families: &["Kuznetsov"], women: &["Tatyana"], men: &["Dmitriy"],
        streets: &["ul. *Primernaya* #", "pr. *Obraztsovyy* #"],
        towns: &["Obraztsovsk", "Primerograd"],
        postal: "999999", phone: "+7 555 999-99-99", id: "RU-9999999", national: "999-999-999 99", domain: "bolnitsa.example",
        hospitals: &["Gorodskaya bolnitsa *Obraztsovsk*"],
        scripts: &[
            ["Kuznetsova", "Tatyana", "Кузнецова", "Татьяна", "", ""],
            ["Shcherbakov", "Dmitriy", "Щербаков", "Дмитрий", "", ""],
            ["Al-Mansouri", "Khadija", "المنصوري", "خديجة", "", ""],
            ["Pappas", "Athanasia", "Παππάς", "Αθανασία", "", ""],
            ["Katzenelson", "Yehonatan", "כצנלסון", "יהונתן", "", ""],
        ],
    },
    Culture {
        charset: Charset::Latin1,
        families: &["Lindqvist", "Björkström", "Ångström", "Sjögren", "Håkansson"],
        women: &["Åsa", "Ingegerd", "Ragnhild", "Märta"],
        men: &["Sören", "Håkan", "Torbjörn", "Göran"],
        streets: &["*Exempel*vägen #", "*Björk*gatan #"],
        towns: &["Provköping", "Exempelås"],
        postal: "999 99", phone: "+46 555 99 99 99", id: "SE999999999999", national: "999999-9999", domain: "sjukhus.example",
        hospitals: &["*Provköpings* sjukhus"],
        scripts: NO_SCRIPTS,
    },
    Culture {
        charset: Charset::Utf8,
        families: &["Wiśniewska", "Wójcik", "Szczepańska", "Brzęczyszczykiewicz", "Dąbrowska"],
        women: &["Małgorzata", "Świętosława", "Grażyna"],
        men: &["Stanisław", "Włodzimierz", "Przemysław"],
        streets: &["ul. *Przykładowa* #", "al. *Wzorcowa* #"],
        towns: &["Przykładów", "Wzorzec Górny"],
        postal: "99-999", phone: "+48 555 999 999", id: "PL9999999", national: "99999999999", domain: "szpital.example",
        hospitals: &["Szpital *Przykładów*"],
        scripts: NO_SCRIPTS,
    },
    Culture {
        charset: Charset::Latin1,
        families: &["Lefèvre", "Côté-Tremblay", "Desrosiers", "Bézier-Chassaing", "d'Hauteville"],
        women: &["Geneviève", "Mélisande", "Françoise"],
        men: &["Jean-Baptiste", "Frédéric", "Théophile"],
        streets: &["# rue de l'*Échantillon*", "# boulevard *Modèle*"],
        towns: &["Villexemple", "Saint-Modèle-sur-Mer"],
        postal: "99999", phone: "+33 5 55 99 99 99", id: "IPP9999999", national: "9 99 99 99 999 999 99", domain: "chu.example",
        hospitals: &["CHU *Villexemple*", "Clinique *Saint-Modèle*"],
        scripts: NO_SCRIPTS,
    },
    Culture {
        charset: Charset::Ascii,
        families: &["Nguyen", "Venkataraman", "Chakraborty", "Subramanian", "Wijesinghe", "Khairunnisa"],
        women: &["Thuy", "Lakshmi", "Priyanka", "Anjali"],
        men: &["Quang", "Raghunath", "Debashish", "Suresh"],
        streets: &["# *Namuna* Marg", "Plot # *Udaharan* Nagar"],
        towns: &["Udaharanpur", "Namunabad"],
        postal: "999999", phone: "+91 555 999 9999", id: "UHID99999999", national: "9999 9999 9999", domain: "aspatal.example",
        hospitals: &["*Udaharanpur* Institute of Medical Sciences"],
        scripts: NO_SCRIPTS,
    },
];

/// A person's name as family and given name, in up to three scripts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Name {
    /// Family name.
    pub family: String,
    /// Given name.
    pub given: String,
    /// Family and given name in other scripts, empty where there are none.
    pub scripts: [String; 4],
}

impl Name {
    /// As PN.
    #[must_use]
    pub fn pn(&self) -> String {
        let [a, b, c, d] = &self.scripts;
        let mut out = format!("{}^{}", self.family, self.given);
        if !a.is_empty() {
            out.push_str(&format!("={a}^{b}"));
        }
        if !c.is_empty() {
            out.push_str(&format!("={c}^{d}"));
        }
        out
    }

    /// Whether the family name, perhaps without its accents, is also a word of medicine.
    #[must_use]
    pub fn is_eponym(&self) -> bool {
        EPONYMS.contains(&self.family.as_str())
    }

    /// Given name first.
    #[must_use]
    pub fn plain(&self) -> String {
        format!("{} {}", self.given, self.family)
    }
}

/// Text in which what identifies stands between `*`.
pub type Marked = String;

/// A made-up person with all that surrounds them.
#[derive(Debug, Clone)]
pub struct Person {
    /// Number in the suite.
    pub index: u32,
    /// The name.
    pub name: Name,
    /// Whether the name is also the name of a disease.
    pub eponym: bool,
    /// A name by birth or marriage.
    pub other_name: String,
    /// Somebody of the family.
    pub relative: String,
    /// M or F.
    pub sex: &'static str,
    /// Birth date.
    pub birth: Day,
    /// Patient ID.
    pub id: String,
    /// Another hospital's number.
    pub other_id: String,
    /// The number of a national insurance or register.
    pub national: String,
    /// Street and number.
    pub street: Marked,
    /// Town.
    pub town: String,
    /// Postal code.
    pub postal: String,
    /// Telephone.
    pub phone: String,
    /// E-mail.
    pub email: String,
    /// Hospital.
    pub hospital: Marked,
    /// The hospital's web address.
    pub url: String,
    /// Referring physician.
    pub physician: Name,
    /// Who reads the images.
    pub reader: Name,
    /// Who makes them.
    pub operator: Name,
    /// Station name.
    pub station: String,
    /// Serial number of the device.
    pub serial: String,
    /// The character set of this person's files.
    pub charset: Charset,
}

const SYLLABLES: &[&str] = &[
    "bar", "dol", "ken", "mir", "tav", "sel", "gor", "hal", "zan", "pel", "rud", "vik", "lom",
    "tas", "jer", "nol", "wes", "fen", "cal", "dri",
];

/// Names that are also words of medicine; a cleaner must part them by their surroundings.
const EPONYMS: &[&str] = &["Hodgkin", "Groß"];

fn filled(pattern: &str, random: &mut Random) -> String {
    pattern
        .chars()
        .map(|c| match c {
            '9' => char::from_digit(random.between(1, 9), 10).unwrap_or('1'),
            other => other,
        })
        .collect()
}

fn invented(random: &mut Random) -> String {
    let count = random.between(2, 3);
    let word: String = (0..count).map(|_| random.pick(SYLLABLES)).collect();
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_uppercase().collect::<String>() + chars.as_str())
        .unwrap_or_default()
}

fn name(culture: &Culture, woman: bool, random: &mut Random) -> Name {
    if let [_, ..] = culture.scripts {
        let at = random.between(0, u32::try_from(culture.scripts.len() - 1).unwrap_or(0)) as usize;
        let [family, given, a, b, c, d] = culture.scripts.get(at).copied().unwrap_or_default();
        return Name {
            family: family.to_owned(),
            given: given.to_owned(),
            scripts: [a, b, c, d].map(str::to_owned),
        };
    }
    // Some names are on no list that a tool may carry.
    let family = if random.chance(25) {
        invented(random)
    } else {
        random.pick(culture.families).to_owned()
    };
    let given = random.pick(if woman { culture.women } else { culture.men });
    Name {
        family,
        given: given.to_owned(),
        scripts: Default::default(),
    }
}

impl Person {
    /// The person of this number.
    #[must_use]
    pub fn new(seed: u64, index: u32) -> Self {
        let r = &mut Random::named(seed, &["person", &index.to_string()]);
        let count = u32::try_from(CULTURES.len()).unwrap_or(1);
        let first = r.between(0, count - 1);
        // Every culture comes once before one comes twice.
        let base = Random::named(seed, &["cultures"]).between(0, count - 1);
        let at = (base + index) % count;
        let fallback = first as usize;
        let culture = CULTURES
            .get(at as usize)
            .or_else(|| CULTURES.get(fallback))
            .copied()
            .unwrap_or(CULTURES[0]);
        let woman = r.chance(50);
        let own = name(&culture, woman, r);
        let mut staff = || {
            let mut other = name(&culture, r.chance(50), r);
            while other.family == own.family {
                other.family = invented(r);
                other.scripts = Default::default();
            }
            other
        };
        let (physician, reader, operator) = (staff(), staff(), staff());
        let relative = r.pick(if woman { culture.men } else { culture.women });
        let mut other_name = invented(r);
        other_name.push_str("ova");
        let year = i64::from(r.between(1929, 2015));
        let birth = Day::of(
            year,
            i64::from(r.between(1, 12)),
            i64::from(r.between(1, 28)),
        );
        let street = filled_street(r.pick(culture.streets), r);
        let user: String = own
            .family
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .collect();
        let email = format!("{}{}@{}", user.to_lowercase(), r.figures(3), culture.domain);
        Self {
            index,
            eponym: own.is_eponym(),
            name: own,
            other_name,
            relative: relative.to_owned(),
            sex: if woman { "F" } else { "M" },
            birth,
            id: filled(culture.id, r),
            other_id: format!("V-{}-{}", r.figures(5), r.figures(2)),
            national: filled(culture.national, r),
            street,
            town: r.pick(culture.towns).to_owned(),
            postal: filled(culture.postal, r),
            phone: filled(culture.phone, r),
            email,
            hospital: r.pick(culture.hospitals).to_owned(),
            url: format!("https://www.{}/pat/{}", culture.domain, r.figures(6)),
            physician,
            reader,
            operator,
            station: format!(
                "{}{}",
                r.pick(&["MRSTAT", "CTROOM", "RADPC", "XRAYWS"]),
                r.figures(4)
            ),
            serial: format!("SN{}{}", r.figures(5), r.pick(&["A", "B", "K"])),
            charset: culture.charset,
        }
    }

    /// The age on a day, as AS.
    #[must_use]
    pub fn age(&self, on: Day) -> String {
        let (by, bm, bd) = self.birth.calendar();
        let (y, m, d) = on.calendar();
        let years = y - by - i64::from((m, d) < (bm, bd));
        format!("{:03}Y", years.clamp(1, 130))
    }
}

fn filled_street(pattern: &str, random: &mut Random) -> String {
    pattern.replace('#', &random.between(2, 98).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_follow_the_seed_and_differ() {
        let all: Vec<_> = (0..26).map(|n| Person::new(7, n)).collect();
        let ids: std::collections::BTreeSet<_> = all.iter().map(|p| p.id.clone()).collect();
        assert_eq!(ids.len(), all.len());
        assert_eq!(Person::new(7, 3).name, all[3].name);
        let charsets: std::collections::BTreeSet<_> =
            all.iter().map(|p| format!("{:?}", p.charset)).collect();
        assert_eq!(charsets.len(), 4);
        let mut p = all[0].clone();
        p.birth = Day::of(1930, 6, 1);
        assert_eq!(p.age(Day::of(2023, 5, 31)), "092Y");
        assert_eq!(p.age(Day::of(2023, 6, 1)), "093Y");
    }
}
