//! Sentences as people type them: identity between braces, clinical words between brackets.
//!
//! `{family}` stands for an identity of the person or study, `[T2 FLAIR axial]` for
//! words that must survive a cleaning; everything else may stay or go.

use crate::date::Day;
use crate::object::{Category, Part, Role};
use crate::people::{Name, Person};

/// What a note may name beside the person.
#[derive(Debug, Clone)]
pub struct Occasion<'a> {
    /// Whom it is about.
    pub person: &'a Person,
    /// The study's day.
    pub day: Day,
    /// The day of an earlier study.
    pub before: Day,
    /// The study's accession number.
    pub accession: &'a str,
}

/// Text whose identity stands between `*`, in parts.
#[must_use]
pub fn marked(text: &str, category: Category) -> Vec<Part> {
    text.split('*')
        .enumerate()
        .filter(|(_, piece)| !piece.is_empty())
        .map(|(n, piece)| {
            let role = if n % 2 == 1 {
                Role::Secret(category)
            } else {
                Role::Plain
            };
            Part::new(role, piece)
        })
        .collect()
}

/// The whole text without its marks.
#[must_use]
pub fn unmarked(text: &str) -> String {
    text.replace('*', "")
}

/// The letters of a name as a typist without the right keyboard writes them.
#[must_use]
pub fn folded(text: &str) -> String {
    text.chars()
        .map(|c| {
            match c {
                'ä' | 'á' | 'à' | 'â' | 'å' | 'ą' | 'ã' => "a",
                'Ä' | 'Å' | 'Á' => "A",
                'ö' | 'ó' | 'ô' | 'ø' | 'ő' => "o",
                'Ö' | 'Ó' => "O",
                'ü' | 'ú' | 'ů' | 'û' => "u",
                'Ü' | 'Ú' => "U",
                'é' | 'è' | 'ê' | 'ë' | 'ě' | 'ę' => "e",
                'É' => "E",
                'í' | 'î' | 'ï' | 'ı' => "i",
                'Í' | 'İ' => "I",
                'ý' => "y",
                'ß' => "ss",
                'ñ' | 'ń' | 'ň' => "n",
                'ç' | 'č' | 'ć' => "c",
                'Ç' | 'Č' => "C",
                'ş' | 'š' | 'ś' => "s",
                'Ş' | 'Š' | 'Ś' => "S",
                'ř' => "r",
                'Ř' => "R",
                'ž' | 'ź' | 'ż' => "z",
                'Ž' => "Z",
                'ğ' => "g",
                'ł' => "l",
                'Ł' => "L",
                'ť' => "t",
                'đ' => "d",
                other => return other.to_string(),
            }
            .to_owned()
        })
        .collect()
}

/// A name with one letter wrong: two neighbours changed over.
fn mistyped(name: &str) -> String {
    let mut letters: Vec<char> = name.chars().collect();
    let at = letters.len() / 2;
    let differs = letters.get(at) != letters.get(at.saturating_sub(1));
    if at > 0 && differs {
        letters.swap(at - 1, at);
    } else {
        letters.push('e');
    }
    letters.into_iter().collect()
}

fn initial(name: &Name) -> String {
    name.given.chars().take(1).collect()
}

impl Occasion<'_> {
    /// The parts of a template.
    #[must_use]
    pub fn parts(&self, template: &str) -> Vec<Part> {
        let mut out = Vec::new();
        let mut rest = template;
        while let Some(at) = rest.find(['{', '[']) {
            let (plain, from) = rest.split_at(at);
            if !plain.is_empty() {
                out.push(Part::new(Role::Plain, plain));
            }
            let close = if from.starts_with('{') { '}' } else { ']' };
            let end = from.find(close).unwrap_or(from.len() - 1);
            let inside = from.get(1..end).unwrap_or_default();
            if close == '}' {
                self.identity(inside, &mut out);
            } else {
                out.push(Part::new(Role::Vocabulary, inside));
            }
            rest = from.get(end + 1..).unwrap_or_default();
        }
        if !rest.is_empty() {
            out.push(Part::new(Role::Plain, rest));
        }
        out
    }

    fn identity(&self, key: &str, out: &mut Vec<Part>) {
        use Category::{
            Accession, Address, Date, Device, Email, Id, Institution, Name, Phone, Physician,
            Relative,
        };
        let p = self.person;
        let mut one = |category, text: String| out.push(Part::new(Role::Secret(category), text));
        match key {
            "family" => one(Name, p.name.family.clone()),
            "FAMILY" => one(Name, p.name.family.to_uppercase()),
            "given" => one(Name, p.name.given.clone()),
            "name" => one(Name, p.name.plain()),
            "reversed" => one(Name, format!("{}, {}", p.name.family, p.name.given)),
            "pn" => one(Name, format!("{}^{}", p.name.family, p.name.given)),
            "folded" => one(Name, folded(&p.name.family)),
            "mistyped" => one(Name, mistyped(&p.name.family)),
            "script" => one(Name, p.name.scripts[0].clone()),
            "initial" => {
                one(Name, p.name.family.clone());
                out.push(Part::new(Role::Plain, format!(" {}.", initial(&p.name))));
            }
            "other" => one(Name, p.other_name.clone()),
            "relative" => one(Relative, p.relative.clone()),
            "id" => one(Id, p.id.clone()),
            "otherid" => one(Id, p.other_id.clone()),
            "national" => one(Id, p.national.clone()),
            "accession" => one(Accession, self.accession.to_owned()),
            "phone" => one(Phone, p.phone.clone()),
            "email" => one(Email, p.email.clone()),
            "url" => one(Email, p.url.clone()),
            "town" => one(Address, p.town.clone()),
            "postal" => one(Address, p.postal.clone()),
            "street" => out.extend(marked(&p.street, Address)),
            "hospital" => out.extend(marked(&p.hospital, Institution)),
            "physician" => one(Physician, p.physician.family.clone()),
            "reader" => one(Physician, p.reader.family.clone()),
            "operator" => one(Physician, p.operator.family.clone()),
            "station" => one(Device, p.station.clone()),
            "birth.dotted" => one(Date, p.birth.dotted()),
            "birth.iso" => one(Date, p.birth.iso()),
            "birth.american" => one(Date, p.birth.american()),
            "birth.da" => one(Date, p.birth.da()),
            "day.words" => one(Date, self.day.words()),
            "day.dotted" => one(Date, self.day.dotted()),
            "before.words" => one(Date, self.before.words()),
            "before.iso" => one(Date, self.before.iso()),
            "before.american" => one(Date, self.before.american()),
            other => out.push(Part::new(Role::Plain, other)),
        }
    }
}

/// Study descriptions; LO, at most 64 characters when filled.
pub const STUDY: &[&str] = &[
    "[MRI brain with contrast] {family}",
    "[CT chest abdomen pelvis] pat {id}",
    "[Follow-up glioma] Dr. {physician}",
    "[Abdomen portal venous]",
    "[Staging Hodgkin lymphoma]",
    "[Parkinson disease protocol] {given}",
    "[Knee right] ({folded})",
    "[Mammography screening bilateral]",
    "[Cardiac MRI perfusion] acc {accession}",
];

/// Series descriptions.
pub const SERIES: &[&str] = &[
    "[T2 FLAIR axial]",
    "[T1 MPRAGE sagittal] {family}",
    "[DWI b1000 axial]",
    "[Lung window 1.0 mm]",
    "[Post contrast venous phase] {initial}",
    "[Localizer]",
    "[STIR coronal] for {physician}",
];

/// Long comments.
pub const COMMENT: &[&str] = &[
    "{name}, born {birth.dotted}, lives at {street}, {postal} {town}. [Known hypertension and diabetes mellitus type 2].",
    "Please call {phone} or write to {email}. [No contrast allergy]. [Renal function normal].",
    "{FAMILY} seen on {before.words} at {hospital}: [stable lesion of the left frontal lobe].",
    "Daughter of {relative}; [Hodgkin lymphoma in remission], referred by Dr. {physician}, records at {url}",
    "Mr/Ms {mistyped} ({otherid}) returned for [control of hepatic metastases]. Prior {before.iso}.",
    "Scanned by {operator} on {station}. [Motion artefacts in series 3].",
    "{reversed} * {birth.american}; insurance {national}. [Parkinson disease], [on levodopa].",
    "[Chest pain radiating to the left arm]. Pat.-Nr. {id}, geb. {birth.iso}, {folded}.",
    "Name at birth {other}. [Breast carcinoma right, BI-RADS 5]. Report to {reader} by {day.dotted}.",
];

/// Short reasons and histories.
pub const REASON: &[&str] = &[
    "[Suspected pulmonary embolism] in {family}",
    "[Back pain], sent by Dr. {physician}, {hospital}",
    "[Exclude fracture]; tel. {phone}",
    "[Tumour staging] {accession}",
    "[Headache and visual disturbance] since {before.words}",
    "[Screening]",
];

/// Findings of reports.
pub const FINDING: &[&str] = &[
    "{name} was examined on {day.words}. [No focal lesion of the liver]. [Gallbladder without stones].",
    "Compared with the study of {before.american}: [the lesion in segment VII is unchanged, 12 mm].",
    "[Normal signal of the basal ganglia]. Findings were discussed with Dr. {physician} ({phone}).",
    "Patient {reversed}, {id}: [disc herniation L5/S1 with nerve root compression].",
    "[Enlarged mediastinal lymph nodes, consistent with Hodgkin lymphoma]. cc {email}",
    "[Status after craniotomy]. Prior images from {hospital} ({town}) were available.",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::joined;

    #[test]
    fn a_template_falls_into_its_parts() {
        let person = Person::new(1, 0);
        let occasion = Occasion {
            person: &person,
            day: Day::of(2022, 3, 4),
            before: Day::of(2021, 3, 4),
            accession: "A1",
        };
        let parts = occasion.parts("[T2 axial] for {family}!");
        assert_eq!(
            joined(&parts),
            format!("T2 axial for {}!", person.name.family)
        );
        assert_eq!(parts[0].role, Role::Vocabulary);
        assert_eq!(parts[2].role, Role::Secret(Category::Name));
        for template in [STUDY, SERIES, COMMENT, REASON, FINDING].concat() {
            let text = joined(&occasion.parts(template));
            assert!(!text.contains(['{', '}', '[', ']']), "{text}");
        }
        assert_eq!(mistyped("Meyer"), "Myeer");
        assert_eq!(folded("Groß Ängström"), "Gross Angstrom");
    }
}
