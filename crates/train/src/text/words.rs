//! What is written into pictures: made-up people, numbers, places, and what devices say.

use super::random::Random;

const FAMILY: [&str; 40] = [
    "MUELLER",
    "Schmidt",
    "SMITH",
    "Johnson",
    "ROSSI",
    "Dubois",
    "GARCIA",
    "Yilmaz",
    "NOWAK",
    "Jensen",
    "KOVACS",
    "Ivanova",
    "TANAKA",
    "Nguyen",
    "O'Brien",
    "VAN DIJK",
    "Andersson",
    "PAPADOPOULOS",
    "Haddad",
    "SINGH",
    "Okafor",
    "LOPEZ",
    "Weber",
    "BAUER",
    "Li",
    "KIM",
    "Eze",
    "FISCHER",
    "Brown",
    "MARTIN",
    "Silva",
    "COHEN",
    "Novak",
    "ZIMMERMANN",
    "Kaya",
    "DOE",
    "Test",
    "ANON",
    "Hug",
    "QUIJJY",
];
const GIVEN: [&str; 30] = [
    "Anna",
    "PETER",
    "Maria",
    "JOHN",
    "Li",
    "Fatma",
    "OLGA",
    "Hiroshi",
    "JEAN",
    "Luca",
    "EMMA",
    "Paul",
    "GRETA",
    "Juan",
    "AISHA",
    "Tom",
    "IDA",
    "Max",
    "EVA",
    "Jo",
    "WILLIAM",
    "Kate",
    "OMAR",
    "Inge",
    "URSULA",
    "Karl-Heinz",
    "A.",
    "J",
    "MARY ANN",
    "Ben",
];
const PLACES: [&str; 24] = [
    "St. Mary Hospital",
    "UNIVERSITY HOSPITAL",
    "Klinikum Nord",
    "Charite",
    "CHU LYON",
    "Ospedale San Raffaele",
    "GENERAL HOSPITAL",
    "MEMORIAL MEDICAL CENTER",
    "Radiologie am Markt",
    "Praxis Dr. Berg",
    "City Imaging",
    "KLINIKUM DER STADT",
    "Rigshospitalet",
    "UZ Gent",
    "Hosp. Clinico",
    "MVZ Mitte",
    "Dept. of Radiology",
    "Station 3B",
    "ROOM 2",
    "Mayview Clinic",
    "AKH Wien",
    "Inselspital",
    "CT-1",
    "OP 4",
];
const DEVICES: [&str; 34] = [
    "SIEMENS",
    "GE MEDICAL SYSTEMS",
    "PHILIPS",
    "TOSHIBA",
    "Canon",
    "HITACHI",
    "ACUSON",
    "LOGIQ E9",
    "Brilliance 64",
    "SOMATOM",
    "Aquilion",
    "C5-2",
    "L12-3",
    "TIS0.8",
    "MI 1.2",
    "Gen",
    "Fr 25",
    "2D",
    "Gain 54",
    "DR 60",
    "Map 3",
    "PW",
    "CF 2.5MHz",
    "HR",
    "bpm",
    "Zoom",
    "Abdomen",
    "Thyroid",
    "THORAX AP",
    "Topogram",
    "Axial",
    "SE 3",
    "IM 12/64",
    "kV 120",
];
const LABELS: [&str; 44] = [
    "Name:",
    "Patient ID",
    "Birth date",
    "Sex: F",
    "Acc.No",
    "Ref. Dr.",
    "Operator",
    "Total mAs",
    "DLP",
    "CTDIvol",
    "kV / mAs / ref.",
    "Scan",
    "TI",
    "cSL",
    "Exam",
    "Date",
    "Time",
    "Total DLP mGy*cm",
    "Series",
    "Type",
    "Scan Range",
    "Phantom",
    "Head 16",
    "Body 32",
    "Dose Report",
    "Patient Position",
    "Scout",
    "Helical",
    "Projected Series",
    "Study",
    "Comments",
    "Weight kg",
    "Volume ml",
    "Flow ml/s",
    "Page 1 of 2",
    "Report",
    "Measurement",
    "Dist",
    "Area",
    "Mean",
    "SD",
    "Index",
    "LVIDd",
    "FL",
];
const GREEK: [&str; 6] = [
    "ΠΑΠΑΔΟΠΟΥΛΟΣ",
    "Γιώργος",
    "Αθήνα",
    "Ημερομηνία",
    "Νοσοκομείο",
    "Εξέταση",
];
const CYRILLIC: [&str; 8] = [
    "ИВАНОВ",
    "Больница",
    "Петрова Анна",
    "Дата",
    "Снимок",
    "ПАЦИЕНТ",
    "Врач",
    "Київ",
];
const ACCENTS: [&str; 8] = [
    "Müller",
    "Größe",
    "FRANÇOIS",
    "Ångström",
    "Peña",
    "Čapek",
    "Łódź",
    "İstanbul",
];
const KANA: [&str; 6] = [
    "やまだ",
    "たなか はなこ",
    "さとう",
    "びょういん",
    "すずき",
    "けんさ",
];

/// One line of text as somebody or something would write it.
pub(crate) fn line(random: &mut Random) -> String {
    match random.below(20) {
        0..=3 => name(random),
        4 | 5 => id(random),
        6..=8 => date(random),
        9 => time(random),
        10 => random.pick(&PLACES).to_owned(),
        11..=13 => device(random),
        14 => window(random),
        15 => age(random),
        16 => format!("{} {}", random.pick(&LABELS), cell(random)),
        17 => cell(random),
        18 => jumble(random),
        _ => foreign(random),
    }
}

/// A person.
pub(crate) fn name(random: &mut Random) -> String {
    let (family, given) = (random.pick(&FAMILY), random.pick(&GIVEN));
    match random.below(6) {
        0 => format!("{family}, {given}"),
        1 => format!("{family}^{given}"),
        2 => format!("{given} {family}"),
        3 => format!(
            "{family} {given} {}",
            ["M", "F", "(m)", "W"][random.below(4)]
        ),
        4 => family.to_uppercase(),
        _ => format!("Dr. {family}"),
    }
}

fn digits(random: &mut Random, n: usize) -> String {
    (0..n)
        .map(|_| char::from(b'0' + random.below(10) as u8))
        .collect()
}

fn id(random: &mut Random) -> String {
    let n = random.between(3, 10);
    let number = digits(random, n);
    match random.below(5) {
        0 => format!("ID: {number}"),
        1 => format!("#{number}"),
        2 => format!("{}{number}", char::from(b'A' + random.below(26) as u8)),
        3 => format!("Acc {number}"),
        _ => number,
    }
}

fn date(random: &mut Random) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "FEB", "Mar", "Apr", "MAY", "Jun", "Jul", "AUG", "Sep", "Okt", "NOV", "Dec",
    ];
    let (y, m, d) = (
        random.between(1921, 2026),
        random.between(1, 12),
        random.between(1, 31),
    );
    match random.below(7) {
        0 => format!("{d:02}.{m:02}.{y}"),
        1 => format!("{y}-{m:02}-{d:02}"),
        2 => format!("{m:02}/{d:02}/{y}"),
        3 => format!("{d}-{}-{y}", MONTHS[m - 1]),
        4 => format!("{y}{m:02}{d:02}"),
        5 => format!("{} {d:02} {:02}", MONTHS[m - 1], y % 100),
        _ => format!("*{d}.{m}.{y}"),
    }
}

fn time(random: &mut Random) -> String {
    let (h, m, s) = (random.below(24), random.below(60), random.below(60));
    match random.below(3) {
        0 => format!("{h:02}:{m:02}"),
        1 => format!("{h:02}:{m:02}:{s:02}"),
        _ => format!(
            "{}:{m:02}:{s:02} {}",
            h % 12,
            if h > 11 { "PM" } else { "AM" }
        ),
    }
}

fn age(random: &mut Random) -> String {
    let n = random.between(1, 99);
    match random.below(4) {
        0 => format!("{n:03}Y"),
        1 => format!("{n} y"),
        2 => format!("F/{n}"),
        _ => format!("Age {n}"),
    }
}

fn window(random: &mut Random) -> String {
    let (w, l) = (random.between(1, 4096), random.between(0, 2048));
    match random.below(5) {
        0 => format!("W {w} L {l}"),
        1 => format!("WW:{w} WL:{l}"),
        2 => format!("C{l} W{w}"),
        3 => format!("Zoom: {}%", random.between(20, 400)),
        _ => format!("SP H{}.{}", random.between(0, 200), random.below(10)),
    }
}

fn device(random: &mut Random) -> String {
    let a = random.pick(&DEVICES);
    if random.chance(0.4) {
        format!("{a} {}", cell(random))
    } else {
        a.to_owned()
    }
}

/// What stands in a cell of a table.
pub(crate) fn cell(random: &mut Random) -> String {
    match random.below(6) {
        0 => format!("{}", random.below(1000)),
        1 => format!("{}.{}", random.below(300), random.below(100)),
        2 => random.pick(&LABELS).to_owned(),
        3 => format!(
            "{} {}",
            random.below(500),
            random.pick(&["mm", "cm", "mGy", "kV", "mA", "s", "%", "HU", "dB", "ml"])
        ),
        4 => format!(
            "I{}.{:03}-S{}.{:03}",
            random.below(90),
            random.below(999),
            random.below(900),
            random.below(999)
        ),
        _ => format!("{}", random.between(1, 64)),
    }
}

/// A label of a form.
pub(crate) fn label(random: &mut Random) -> String {
    random.pick(&LABELS).to_owned()
}

fn jumble(random: &mut Random) -> String {
    const ALL: &[u8] =
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/-.:+*()#&?=%";
    let n = random.between(2, 12);
    (0..n)
        .map(|_| char::from(ALL[random.below(ALL.len())]))
        .collect()
}

fn foreign(random: &mut Random) -> String {
    match random.below(4) {
        0 => random.pick(&GREEK),
        1 => random.pick(&CYRILLIC),
        2 => random.pick(&KANA),
        _ => random.pick(&ACCENTS),
    }
    .to_owned()
}

/// What a technician lays on the cassette.
pub(crate) fn marker(random: &mut Random) -> String {
    random
        .pick(&[
            "L", "R", "L", "R", "LT", "RT", "AP", "PA", "LL", "RL", "L CC", "R MLO", "RCC", "LMLO",
            "SUPINE", "PORTABLE", "ERECT", "re", "li", "A", "P", "H", "F", "D", "G",
        ])
        .to_owned()
}
