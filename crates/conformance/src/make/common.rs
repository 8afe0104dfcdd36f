//! What every object of a study carries: patient, study, series, equipment, request, and the
//! many places where identity stands beside them.

use cordon_canary::write::Syntax;
use cordon_synth::Canvas;

use crate::date::Day;
use crate::note::{self, Occasion, marked, unmarked};
use crate::object::{Category, Object, Part, Role, code, reference};
use crate::people::Person;
use crate::random::Random;

/// SOP classes of the suite.
pub mod class {
    /// CT Image Storage.
    pub const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
    /// MR Image Storage.
    pub const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
    /// Enhanced MR Image Storage.
    pub const ENHANCED_MR: &str = "1.2.840.10008.5.1.4.1.1.4.1";
    /// Ultrasound Image Storage.
    pub const US: &str = "1.2.840.10008.5.1.4.1.1.6.1";
    /// Digital X-Ray Image Storage, for presentation.
    pub const DX: &str = "1.2.840.10008.5.1.4.1.1.1.1";
    /// Digital Mammography X-Ray Image Storage, for presentation.
    pub const MG: &str = "1.2.840.10008.5.1.4.1.1.1.2";
    /// Positron Emission Tomography Image Storage.
    pub const PT: &str = "1.2.840.10008.5.1.4.1.1.128";
    /// Nuclear Medicine Image Storage.
    pub const NM: &str = "1.2.840.10008.5.1.4.1.1.20";
    /// X-Ray Angiographic Image Storage.
    pub const XA: &str = "1.2.840.10008.5.1.4.1.1.12.1";
    /// Enhanced SR Storage.
    pub const SR: &str = "1.2.840.10008.5.1.4.1.1.88.22";
    /// Key Object Selection Document Storage.
    pub const KOS: &str = "1.2.840.10008.5.1.4.1.1.88.59";
    /// Segmentation Storage.
    pub const SEG: &str = "1.2.840.10008.5.1.4.1.1.66.4";
    /// RT Structure Set Storage.
    pub const RTSTRUCT: &str = "1.2.840.10008.5.1.4.1.1.481.3";
    /// RT Plan Storage.
    pub const RTPLAN: &str = "1.2.840.10008.5.1.4.1.1.481.5";
    /// Grayscale Softcopy Presentation State Storage.
    pub const PR: &str = "1.2.840.10008.5.1.4.1.1.11.1";
    /// VL Whole Slide Microscopy Image Storage.
    pub const SM: &str = "1.2.840.10008.5.1.4.1.1.77.1.6";
    /// Encapsulated PDF Storage.
    pub const PDF: &str = "1.2.840.10008.5.1.4.1.1.104.1";
}

/// What was drawn into the pixels, and where.
#[derive(Debug, Clone)]
pub struct Pixels {
    /// Left, top, width, height of each box with text.
    pub boxes: Vec<[usize; 4]>,
    /// The bare strokes of the text: 1 where ink is, one byte a pixel.
    pub ink: Vec<u8>,
    /// Width of the picture.
    pub columns: usize,
    /// Bytes a pixel.
    pub samples: usize,
}

/// One finished object.
#[derive(Debug, Clone)]
pub struct Made {
    /// Path in the suite's folder.
    pub path: String,
    /// The data set.
    pub object: Object,
    /// Text in its pixels.
    pub pixels: Option<Pixels>,
}

/// One series.
#[derive(Debug, Clone)]
pub struct Series {
    /// Series Number.
    pub number: u32,
    /// Modality.
    pub modality: &'static str,
    /// SOP class.
    pub class: &'static str,
    /// Template of its description.
    pub description: &'static str,
    /// Body Part Examined, where the IOD has it.
    pub body: &'static str,
    /// Whether it is an image, with image comments and an acquisition.
    pub image: bool,
}

/// One study of one person.
#[derive(Debug, Clone)]
pub struct Study {
    /// Whose.
    pub person: Person,
    /// Its number among the person's.
    pub number: u32,
    /// Its day.
    pub day: Day,
    /// The day of the one before, or of a visit before the first.
    pub before: Day,
    /// Accession Number.
    pub accession: String,
    /// The suite's seed.
    pub seed: u64,
    /// Text of the study's description.
    pub description: Vec<Part>,
}

impl Study {
    /// The study of this number.
    #[must_use]
    pub fn new(seed: u64, person: &Person, number: u32, day: Day, before: Day) -> Self {
        let mut r = Random::named(seed, &["study", &person.id, &number.to_string()]);
        let accession = format!("A{}{}", r.figures(2), r.figures(7));
        let mut made = Self {
            person: person.clone(),
            number,
            day,
            before,
            accession,
            seed,
            description: Vec::new(),
        };
        made.description = made.occasion().parts(r.pick(note::STUDY));
        made
    }

    /// A stream of choices for something of this study.
    #[must_use]
    pub fn random(&self, words: &[&str]) -> Random {
        let number = self.number.to_string();
        let mut all = vec![self.person.id.as_str(), number.as_str()];
        all.extend_from_slice(words);
        Random::named(self.seed, &all)
    }

    /// The UID of something of this study.
    #[must_use]
    pub fn uid(&self, words: &[&str]) -> String {
        let mut all = vec!["uid"];
        all.extend_from_slice(words);
        self.random(&all).uid()
    }

    /// The Study Instance UID.
    #[must_use]
    pub fn study_uid(&self) -> String {
        self.uid(&["study"])
    }

    /// A Series Instance UID.
    #[must_use]
    pub fn series_uid(&self, series: u32) -> String {
        self.uid(&["series", &series.to_string()])
    }

    /// A SOP Instance UID.
    #[must_use]
    pub fn instance_uid(&self, series: u32, instance: u32) -> String {
        self.uid(&["instance", &series.to_string(), &instance.to_string()])
    }

    /// The frame of reference of this name.
    #[must_use]
    pub fn frame_uid(&self, name: &str) -> String {
        self.uid(&["frame of reference", name])
    }

    /// What notes may name.
    #[must_use]
    pub fn occasion(&self) -> Occasion<'_> {
        Occasion {
            person: &self.person,
            day: self.day,
            before: self.before,
            accession: &self.accession,
        }
    }

    /// A template's parts.
    #[must_use]
    pub fn note(&self, template: &str) -> Vec<Part> {
        self.occasion().parts(template)
    }

    /// The transfer syntax of this person's files.
    #[must_use]
    pub const fn syntax(&self) -> Syntax {
        match self.person.index % 5 {
            3 => Syntax::Implicit,
            _ => Syntax::Explicit,
        }
    }

    /// Where a file of this study lies.
    #[must_use]
    pub fn path(&self, series: &Series, instance: u32) -> String {
        format!(
            "P{:03}/S{:02}/{:02}{}/{:04}.dcm",
            self.person.index,
            self.number,
            series.number,
            series.modality.to_lowercase(),
            instance
        )
    }

    /// Wraps up an object.
    #[must_use]
    pub fn made(&self, series: &Series, instance: u32, object: Object) -> Made {
        Made {
            path: self.path(series, instance),
            object,
            pixels: None,
        }
    }

    /// All that is not particular to the kind of object.
    #[must_use]
    pub fn object(&self, series: &Series, instance: u32) -> Object {
        let mut o = Object::new();
        let mut r = self.random(&["object", &series.number.to_string()]);
        let mut ri = self.random(&[
            "instance",
            &series.number.to_string(),
            &instance.to_string(),
        ]);
        if let Some(term) = self.person.charset.defined_term() {
            o.text(0x0008_0005, "CS", term);
        }
        o.text(0x0008_0012, "DA", self.day.da())
            .text(0x0008_0013, "TM", "101532.250")
            .text(0x0008_0016, "UI", series.class)
            .uid(0x0008_0018, self.instance_uid(series.number, instance))
            .uid(0x0020_000D, self.study_uid())
            .uid(0x0020_000E, self.series_uid(series.number))
            .text(0x0020_0011, "IS", series.number.to_string())
            .text(0x0020_0013, "IS", (instance + 1).to_string())
            .text(0x0008_0060, "CS", series.modality);
        self.patient(&mut o, &mut r);
        self.study(&mut o, &mut r);
        self.request(&mut o, &mut r);
        self.equipment(&mut o);
        o.text(0x0008_0021, "DA", self.day.da())
            .text(0x0008_0031, "TM", "101207");
        if !series.description.is_empty() {
            o.parts(0x0008_103E, "LO", self.note(series.description));
        }
        if series.image {
            o.text(0x0008_0022, "DA", self.day.da())
                .text(0x0008_0032, "TM", "101311.5")
                .text(0x0008_0023, "DA", self.day.da())
                .text(0x0008_0033, "TM", "101533")
                .parts(0x0018_1030, "LO", self.note(r.pick(note::SERIES)));
            if ri.chance(40) {
                o.parts(0x0020_4000, "LT", self.note(ri.pick(note::COMMENT)));
            }
            if !series.body.is_empty() {
                o.text(0x0018_0015, "CS", series.body);
            }
        }
        o
    }

    fn patient(&self, o: &mut Object, r: &mut Random) {
        use Category::{Accession, Address, Id, Name, Phone, Relative};
        let p = &self.person;
        let comment = self.note(r.pick(note::COMMENT));
        let age = p.age(self.day);
        o.secret(0x0010_0010, "PN", Name, p.name.pn())
            .secret(0x0010_0020, "LO", Id, &p.id)
            .parts(
                0x0010_0021,
                "LO",
                marked(&p.hospital, Category::Institution),
            )
            .text(0x0010_0030, "DA", p.birth.da())
            .text(0x0010_0040, "CS", p.sex)
            .secret(
                0x0010_1001,
                "PN",
                Name,
                format!("{}^{}", p.other_name, p.name.given),
            )
            .secret(
                0x0010_1005,
                "PN",
                Name,
                format!("{}^{}", p.other_name, p.name.given),
            )
            .text(0x0010_1010, "AS", &age)
            .text(0x0010_1020, "DS", "1.71")
            .text(0x0010_1030, "DS", "71.5")
            .parts(0x0010_1040, "LO", self.address())
            .secret(
                0x0010_1060,
                "PN",
                Relative,
                format!("{}^{}", p.other_name, p.relative),
            )
            .secret(0x0010_1090, "LO", Id, format!("MR-{}", p.other_id))
            .secret(
                0x0010_2154,
                "SH",
                Phone,
                p.phone.chars().take(16).collect::<String>(),
            )
            .text(0x0010_2160, "SH", "Group B")
            .text(0x0010_2180, "SH", "Bookbinder")
            .text(0x0010_21A0, "CS", "NO")
            .text(0x0010_21F0, "LO", "Quaker")
            .words_of(0x0010_2110, "LO", "Iodinated contrast")
            .words_of(0x0010_2000, "LO", "Pacemaker")
            .parts(0x0010_21B0, "LT", self.note(r.pick(note::REASON)))
            .parts(0x0010_4000, "LT", comment)
            .secret(
                0x0010_2297,
                "PN",
                Relative,
                format!("{}^{}", p.name.family, p.relative),
            )
            .text(0x0010_2298, "CS", "SPOUSE");
        let mut other = Object::new();
        other
            .secret(0x0010_0020, "LO", Id, &p.other_id)
            .parts(
                0x0010_0021,
                "LO",
                marked(&p.hospital, Category::Institution),
            )
            .text(0x0010_0022, "CS", "TEXT");
        o.items(0x0010_1002, vec![other]);
        if p.sex == "F" {
            o.text(0x0010_21D0, "DA", self.day.plus(-17).da())
                .us(0x0010_21C0, &[1]);
        }
        if r.chance(50) {
            o.secret(0x0010_2155, "LT", Category::Email, &p.email)
                .secret(0x0010_2152, "LO", Address, &p.town);
        }
        o.secret(
            0x0038_0010,
            "LO",
            Accession,
            format!("ADM-{}", self.accession),
        )
        .text(0x0038_0020, "DA", self.day.plus(-2).da())
        .parts(0x0038_0300, "LO", self.note("Ward {station}"))
        .parts(0x0038_0500, "LO", self.note("[Ventilated], {family}"))
        .words_of(0x0038_0050, "LO", "Wheelchair");
    }

    fn address(&self) -> Vec<Part> {
        let p = &self.person;
        let mut parts = marked(&p.street, Category::Address);
        parts.push(Part::new(Role::Plain, ", "));
        parts.push(Part::new(Role::Secret(Category::Address), &p.postal));
        parts.push(Part::new(Role::Plain, " "));
        parts.push(Part::new(Role::Secret(Category::Address), &p.town));
        parts
    }

    fn study(&self, o: &mut Object, r: &mut Random) {
        use Category::{Accession, Address, Institution, Phone, Physician};
        let p = &self.person;
        o.text(0x0008_0020, "DA", self.day.da())
            .text(0x0008_0030, "TM", "100814")
            .secret(0x0008_0050, "SH", Accession, &self.accession)
            .secret(
                0x0020_0010,
                "SH",
                Accession,
                format!("ST{}", self.accession),
            )
            .parts(0x0008_0080, "LO", marked(&p.hospital, Institution))
            .parts(0x0008_0081, "ST", self.address())
            .secret(0x0008_0090, "PN", Physician, p.physician.pn())
            .secret(0x0008_0092, "ST", Address, &p.town)
            .secret(
                0x0008_0094,
                "SH",
                Phone,
                p.phone.chars().take(16).collect::<String>(),
            )
            .parts(0x0008_1030, "LO", self.description.clone())
            .parts(
                0x0008_1040,
                "LO",
                self.note("Department of Dr. {physician}"),
            )
            .secret(0x0008_1048, "PN", Physician, p.physician.pn())
            .secret(0x0008_1050, "PN", Physician, p.reader.pn())
            .secret(0x0008_1060, "PN", Physician, p.reader.pn())
            .secret(0x0008_1070, "PN", Physician, p.operator.pn())
            .parts(0x0008_1080, "LO", self.note(r.pick(note::REASON)));
        let mut who = Object::new();
        let short: String = p
            .physician
            .family
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(12)
            .collect();
        let mut number = code("", "99STAFF", "Staff");
        number.secret(0x0008_0100, "SH", Physician, short);
        who.items(0x0040_1101, vec![number])
            .parts(0x0008_0080, "LO", marked(&p.hospital, Institution))
            .parts(0x0040_1102, "ST", self.address())
            .secret(0x0040_1103, "LO", Phone, &p.phone);
        o.items(0x0008_0096, vec![who]);
        o.items(
            0x0008_1110,
            vec![reference(
                "1.2.840.10008.3.1.2.3.1",
                &self.uid(&["detached study"]),
            )],
        );
    }

    fn request(&self, o: &mut Object, r: &mut Random) {
        use Category::{Accession, Physician};
        let p = &self.person;
        let reason = self.note(r.pick(note::REASON));
        let mut item = Object::new();
        item.parts(0x0040_0007, "LO", self.note(r.pick(note::SERIES)))
            .secret(
                0x0040_0009,
                "SH",
                Accession,
                format!("SP{}", self.accession),
            )
            .secret(
                0x0040_1001,
                "SH",
                Accession,
                format!("RP{}", self.accession),
            )
            .parts(0x0040_1002, "LO", reason)
            .parts(0x0032_1060, "LO", self.note(r.pick(note::STUDY)));
        o.items(0x0040_0275, vec![item]);
        o.secret(0x0032_1032, "PN", Physician, p.physician.pn())
            .parts(0x0032_1033, "LO", self.note("[Neurology] {hospital}"))
            .parts(0x0032_1060, "LO", self.note(r.pick(note::STUDY)))
            .secret(
                0x0040_0253,
                "SH",
                Accession,
                format!("PP{}", self.accession),
            )
            .text(0x0040_0244, "DA", self.day.da())
            .text(0x0040_0245, "TM", "100900")
            .parts(0x0040_0254, "LO", self.note(r.pick(note::STUDY)))
            .parts(0x0040_0280, "ST", self.note(r.pick(note::COMMENT)))
            .secret(0x0040_1010, "PN", Physician, p.reader.pn())
            .parts(0x0040_1400, "LT", self.note(r.pick(note::COMMENT)))
            .secret(
                0x0040_2017,
                "LO",
                Accession,
                format!("FO{}", self.accession),
            );
        let mut former = Object::new();
        former
            .secret(0x0010_0010, "PN", Category::Name, p.name.pn())
            .secret(0x0010_0020, "LO", Category::Id, &p.other_id);
        let mut original = Object::new();
        original
            .items(0x0400_0550, vec![former])
            .text(0x0400_0562, "DT", format!("{}101600", self.day.da()))
            .secret(0x0400_0563, "LO", Category::Device, &p.station)
            .parts(
                0x0400_0564,
                "LO",
                marked(&p.hospital, Category::Institution),
            )
            .text(0x0400_0565, "CS", "COERCE");
        o.items(0x0400_0561, vec![original]);
    }

    fn equipment(&self, o: &mut Object) {
        let p = &self.person;
        o.text(0x0008_0070, "LO", "Cordon Synthetic Devices")
            .secret(0x0008_1010, "SH", Category::Device, &p.station)
            .text(0x0008_1090, "LO", "Phantom One")
            .secret(0x0018_1000, "LO", Category::Device, &p.serial)
            .text(0x0018_1020, "LO", "conformance 1");
    }

    /// File Meta Information beside the transfer syntax.
    #[must_use]
    pub fn meta(&self, object: &Object) -> Object {
        let mut meta = Object::new();
        meta.bytes(0x0002_0001, "OB", vec![0, 1])
            .text(
                0x0002_0002,
                "UI",
                object.get_text(0x0008_0016).unwrap_or_default(),
            )
            .uid(
                0x0002_0003,
                object.get_text(0x0008_0018).unwrap_or_default(),
            )
            .text(
                0x0002_0012,
                "UI",
                "2.25.217305938250182610741362549014372591000",
            )
            .text(0x0002_0013, "SH", "CONFORMANCE")
            .secret(0x0002_0016, "AE", Category::Device, &self.person.station);
        meta
    }

    /// The 128 bytes in front: some devices leave a trace there.
    #[must_use]
    pub fn preamble(&self) -> Vec<u8> {
        let mut bytes = if self.person.index % 4 == 2 {
            unmarked(&self.person.hospital).into_bytes()
        } else {
            Vec::new()
        };
        bytes.truncate(100);
        bytes
    }
}

/// Pixels of 16 bits with soft structure.
pub(super) fn pixels16(o: &mut Object, rows: u16, columns: u16, seed: &mut Random, signed: bool) {
    let shift = seed.between(20, 60);
    let values = (0..u32::from(rows) * u32::from(columns))
        .map(|n| {
            let (x, y) = (n % u32::from(columns), n / u32::from(columns));
            u16::try_from((x * shift + y * 17 + seed.between(0, 30)) % 2000).unwrap_or(0)
        })
        .collect();
    image(o, rows, columns, 1);
    o.us(0x0028_0100, &[16])
        .us(0x0028_0101, &[if signed { 16 } else { 12 }])
        .us(0x0028_0102, &[if signed { 15 } else { 11 }])
        .us(0x0028_0103, &[u16::from(signed)])
        .words(0x7FE0_0010, "OW", values);
}

/// The shape of a picture.
pub(super) fn image(o: &mut Object, rows: u16, columns: u16, samples: u16) {
    o.us(0x0028_0002, &[samples])
        .text(
            0x0028_0004,
            "CS",
            if samples == 3 { "RGB" } else { "MONOCHROME2" },
        )
        .us(0x0028_0010, &[rows])
        .us(0x0028_0011, &[columns]);
    if samples == 3 {
        o.us(0x0028_0006, &[0]);
    }
}

/// Draws lines of text into a picture and remembers where.
pub(super) fn draw(canvas: &mut Canvas, rows: usize, lines: &[(usize, usize, &str)]) -> Pixels {
    let (columns, samples) = (canvas.columns, canvas.samples);
    let mut ink = Canvas::new(columns, rows, 1, 0);
    let mut boxes = Vec::new();
    for (x, y, text) in lines {
        canvas.text(*x, *y, 1, [235; 3], text);
        ink.text(*x, *y, 1, [1; 3], text);
        boxes.push([*x, *y, text.chars().count() * 6, 7]);
    }
    Pixels {
        boxes,
        ink: ink.pixels,
        columns,
        samples,
    }
}

/// Text as a device draws it: capital letters of the plain alphabet.
pub(super) fn capitals(text: &str) -> String {
    note::folded(text)
        .to_uppercase()
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || " ,.-/:".contains(*c))
        .collect()
}
