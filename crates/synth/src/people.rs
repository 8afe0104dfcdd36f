//! The people of the studies. None of them exists.

use crate::dataset::{Charset, Set};
use crate::random::Random;

/// A made-up person.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// Patient's Name, as it stands in the files.
    pub name: &'static str,
    /// Patient ID.
    pub id: &'static str,
    /// Other Patient ID.
    pub other_id: &'static str,
    /// Birth date.
    pub birth: &'static str,
    /// Sex.
    pub sex: &'static str,
    /// Address.
    pub address: &'static str,
    /// Telephone number.
    pub phone: &'static str,
    /// Referring physician.
    pub physician: &'static str,
    /// The hospital.
    pub institution: &'static str,
    /// The character set of this person's files.
    pub charset: Charset,
    /// The name in capital letters, as a device draws it into a picture.
    pub drawn: &'static str,
}

/// Everybody in the demonstration set.
pub const PEOPLE: [Person; 5] = [
    Person {
        name: "Müller^Jörg",
        id: "KH-4711082",
        other_id: "V-90210-77",
        birth: "19580314",
        sex: "M",
        address: "Lindenstraße 12, 99999 Beispielstadt",
        phone: "+49 555 0142",
        physician: "Öztürk^Ayşe^^Dr.",
        institution: "Klinikum Beispielstadt",
        charset: Charset::Latin1,
        drawn: "MULLER, JORG",
    },
    Person {
        name: "Nováková^Žofie",
        id: "CZ770214",
        other_id: "7752140019",
        birth: "19770214",
        sex: "F",
        address: "Příkladná 3, Vzorov",
        phone: "+420 555 0177",
        physician: "Dvořák^Řehoř",
        institution: "Nemocnice Vzorov",
        charset: Charset::Utf8,
        drawn: "NOVAKOVA, ZOFIE",
    },
    Person {
        name: "Yamada^Tarou=山田^太郎=やまだ^たろう",
        id: "JP0099213",
        other_id: "SHP-31337",
        birth: "19661109",
        sex: "M",
        address: "Reibai 4-2-8, Mihon",
        phone: "+81 555 0163",
        physician: "Suzuki^Hanako=鈴木^花子=すずき^はなこ",
        institution: "Mihon General Hospital",
        charset: Charset::Japanese,
        drawn: "YAMADA, TAROU",
    },
    Person {
        name: "Okafor^Chidinma^Grace",
        id: "MRN5550188",
        other_id: "NH-7723-004",
        birth: "19910830",
        sex: "F",
        address: "88 Specimen Road, Exampleton",
        phone: "+44 555 0188",
        physician: "Whitcombe^Leopold^^Dr",
        institution: "Exampleton Royal Infirmary",
        charset: Charset::Ascii,
        drawn: "OKAFOR, CHIDINMA GRACE",
    },
    Person {
        name: "Lindqvist^Åsa",
        id: "SE195504122384",
        other_id: "K-88-1203",
        birth: "19550412",
        sex: "F",
        address: "Exempelvägen 5, Provköping",
        phone: "+46 555 0121",
        physician: "Björk^Sören",
        institution: "Provköpings sjukhus",
        charset: Charset::Latin1,
        drawn: "LINDQVIST, ASA",
    },
];

/// One study of one person, with what identifies it.
#[derive(Debug, Clone)]
pub(crate) struct StudyIds {
    pub(crate) person: Person,
    pub(crate) folder: String,
    pub(crate) date: String,
    seed: u64,
    key: String,
}

impl StudyIds {
    pub(crate) fn new(seed: u64, patient: usize, study: u32) -> Self {
        let index = patient % PEOPLE.len();
        Self {
            person: PEOPLE[index],
            folder: format!("PAT{index:03}/ST{study:03}"),
            // A year between two studies of one person.
            date: format!("{}0{}1{}", 2021 + study % 5, 3 + index, study % 9),
            seed,
            key: format!("{index}/{study}"),
        }
    }

    /// The UID of something in this study: the same words, the same UID.
    pub(crate) fn uid(&self, words: &[&str]) -> String {
        let mut all = vec![self.key.as_str()];
        all.extend_from_slice(words);
        Random::named(self.seed, &all).uid()
    }

    pub(crate) fn random(&self, words: &[&str]) -> Random {
        let mut all = vec![self.key.as_str(), "pixels"];
        all.extend_from_slice(words);
        Random::named(self.seed, &all)
    }

    /// Patient, study, series and equipment as a hospital's devices write them.
    pub(crate) fn common(&self, series: u32, modality: &str, class: &str, instance: u32) -> Set {
        let p = &self.person;
        let series_text = series.to_string();
        let mut set = Set::new();
        if let Some(term) = p.charset.defined_term() {
            set.text(0x0008_0005, "CS", term);
        }
        let accession = format!("A{}{series:02}", self.date);
        set.text(0x0008_0012, "DA", &self.date)
            .text(0x0008_0013, "TM", "101532.250")
            .text(0x0008_0016, "UI", class)
            .text(
                0x0008_0018,
                "UI",
                self.uid(&["sop", &series_text, &instance.to_string()]),
            )
            .text(0x0008_0020, "DA", &self.date)
            .text(0x0008_0021, "DA", &self.date)
            .text(0x0008_0022, "DA", &self.date)
            .text(0x0008_0023, "DA", &self.date)
            .text(0x0008_0030, "TM", "100814")
            .text(0x0008_0031, "TM", "101207")
            .text(0x0008_0032, "TM", "101311.5")
            .text(0x0008_0033, "TM", "101533")
            .text(0x0008_0050, "SH", &accession)
            .text(0x0008_0060, "CS", modality)
            .text(0x0008_0070, "LO", "Cordon Synthetic Devices")
            .text(0x0008_0080, "LO", p.institution)
            .text(0x0008_0081, "ST", p.address)
            .text(0x0008_0090, "PN", p.physician)
            .text(0x0008_1010, "SH", "ROOM7")
            .text(0x0008_1048, "PN", p.physician)
            .text(0x0008_1070, "PN", "Helper^Hanna")
            .text(0x0008_1090, "LO", "Phantom One")
            .text(0x0010_0010, "PN", p.name)
            .text(0x0010_0020, "LO", p.id)
            .text(0x0010_0030, "DA", p.birth)
            .text(0x0010_0040, "CS", p.sex)
            .text(0x0010_1000, "LO", p.other_id)
            .text(0x0010_1010, "AS", "061Y")
            .text(0x0010_1030, "DS", "71.5")
            .text(0x0010_1040, "LO", p.address)
            .text(0x0010_2154, "SH", p.phone)
            .text(0x0010_4000, "LT", format!("Called back at {}", p.phone))
            .text(0x0018_1000, "LO", "SN-60031-B")
            .text(0x0018_1020, "LO", "synth 1")
            .text(0x0020_000D, "UI", self.uid(&["study"]))
            .text(0x0020_000E, "UI", self.uid(&["series", &series_text]))
            .text(0x0020_0010, "SH", format!("S{}", &self.date))
            .text(0x0020_0011, "IS", &series_text)
            .text(0x0020_0013, "IS", (instance + 1).to_string());
        let mut request = Set::new();
        request
            .text(
                0x0040_0007,
                "LO",
                format!("For {}", p.physician.split('=').next().unwrap_or_default()),
            )
            .text(0x0040_0009, "SH", "SPS0417")
            .text(0x0040_1001, "SH", format!("RP-{}", p.other_id));
        set.items(0x0040_0275, vec![request]);
        let mut former = Set::new();
        former
            .text(0x0010_0010, "PN", p.name)
            .text(0x0010_0020, "LO", p.other_id);
        let mut original = Set::new();
        original
            .items(0x0400_0550, vec![former])
            .text(0x0400_0562, "DT", format!("{}101600", self.date))
            .text(0x0400_0563, "LO", "ARCHIVE7")
            .text(0x0400_0564, "LO", "MERGED")
            .text(0x0400_0565, "CS", "COERCE");
        set.items(0x0400_0561, vec![original]);
        // A vendor's block with the name in it, once as text and once as bytes.
        set.text(0x0029_0010, "LO", "CORDON SYNTH 1.0")
            .text(0x0029_1001, "LO", p.name)
            .bytes(0x0029_1002, "UN", p.charset.encode(p.id));
        set
    }
}
