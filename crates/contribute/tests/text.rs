//! Texts that stay: what points to somebody goes, what does not stays byte for byte, what is
//! doubtful waits for a person, and the gate of the protocol agrees.

#![allow(clippy::expect_used, reason = "helpers of tests")]

use cordon_contribute::{Cleaned, Cleaner, Policy, SiteKey, WordDecisions, gate_under};
use cordon_dicom::{DataSet, File, Value, read};
use cordon_protocol::{Action, Code, DeidOption, Protocol, Rule, Tag, Verdict};
use cordon_synth::{Charset, Set};

use DeidOption::{
    CleanDescriptors, CleanGraphics, CleanStructuredContent, RetainDeviceIdentity, RetainFullDates,
    RetainModifiedDates, RetainPatientCharacteristics, RetainSafePrivate,
};

const ALL: [DeidOption; 6] = [
    CleanGraphics,
    CleanStructuredContent,
    CleanDescriptors,
    RetainModifiedDates,
    RetainPatientCharacteristics,
    RetainSafePrivate,
];

const STUDY_DESCRIPTION: u32 = 0x0008_1030;
const CODE_MEANING: u32 = 0x0008_0104;
const WINDOW: u32 = 0x0028_1055;
const TEXT_VALUE: u32 = 0x0040_A160;

/// An MR slice of one person, with a body part that is no head.
fn slice() -> Set {
    of_class("1.2.840.10008.5.1.4.1.1.4", "MR")
}

fn of_class(class: &str, modality: &str) -> Set {
    let mut set = Set::new();
    set.text(0x0008_0005, "CS", "ISO_IR 192")
        .text(0x0008_0016, "UI", class)
        .text(0x0008_0018, "UI", "1.2.3.4.5.6")
        .text(0x0008_0020, "DA", "20210304")
        .text(0x0008_0050, "SH", "ACC-90817")
        .text(0x0008_0060, "CS", modality)
        .text(0x0008_0070, "LO", "Mediscan")
        .text(0x0008_0080, "LO", "Klinik Sonnenhang")
        .text(0x0008_0090, "PN", "Kratochvil^Vera")
        .text(0x0010_0010, "PN", "Grünbaum^Ottilie")
        .text(0x0010_0020, "LO", "PAT-48151")
        .text(0x0010_0030, "DA", "19580211")
        .text(0x0018_0015, "CS", "KNEE")
        .text(0x0020_000D, "UI", "1.2.3.4.1")
        .text(0x0020_000E, "UI", "1.2.3.4.2");
    set
}

fn cleaner(options: &[DeidOption]) -> Cleaner {
    let mut protocol = Protocol::basic();
    protocol.deid.options = options.to_vec();
    protocol.validate().expect("supported");
    Cleaner::new(protocol, SiteKey::from_bytes([9; 32]))
}

/// Cleans; the gate lets it pass, and cleaning again changes nothing.
fn clean_with(cleaner: &Cleaner, set: &Set) -> Cleaned {
    let cleaned = cleaner.clean(&set.file(Charset::Utf8));
    let output = cleaned.output.as_ref().expect("an output");
    let policy = Policy::of(cleaner.protocol());
    let judged = gate_under(output.bytes(), policy);
    assert_ne!(judged.verdict, Verdict::Refused, "{:?}", judged.findings);
    let again = cleaner.clean(output.bytes());
    let again = again.output.expect("cleaned again");
    assert_eq!(
        again.record().sealed_sha256,
        output.record().sealed_sha256,
        "cleaning twice changes nothing"
    );
    cleaned
}

fn clean(options: &[DeidOption], set: &Set) -> Cleaned {
    clean_with(&cleaner(options), set)
}

fn after(cleaned: &Cleaned, tag: u32) -> String {
    let output = cleaned.output.as_ref().expect("an output");
    let file = read(output.bytes()).expect("readable");
    first(&file.data, tag).unwrap_or_default()
}

fn first(data: &DataSet<'_>, tag: u32) -> Option<String> {
    let own = data.strings_in(Tag(tag), &cordon_dicom::CharacterSet::parse(b"ISO_IR 192"));
    if !own.is_empty() {
        return Some(own.join("\\"));
    }
    data.elements.iter().find_map(|e| match &e.value {
        Value::Items(items) => items.iter().find_map(|i| first(i, tag)),
        _ => None,
    })
}

#[test]
fn texts_outside_the_table_lose_the_people_under_the_basic_profile() {
    let mut set = slice();
    set.text(
        WINDOW,
        "LO",
        "WIDE\\for Dr. Kratochvil\\GRUENBAUM soft tissue",
    );
    let cleaned = clean(&[], &set);
    assert_eq!(cleaned.verdict, Verdict::Clean, "{:?}", cleaned.findings);
    assert_eq!(
        after(&cleaned, WINDOW),
        "WIDE\\for Dr. PERSON\\PERSON soft tissue"
    );
    let change = cleaned.changes.iter().find(|c| c.path.tag == Tag(WINDOW));
    let change = change.expect("a change");
    assert_eq!(
        (change.action, change.rule),
        (Action::Clean, Rule::FreeText)
    );
}

#[test]
fn a_clean_text_stays_byte_for_byte() {
    let mut set = slice();
    set.text(WINDOW, "LO", "WIDE\\soft tissue\\NARROW ").text(
        STUDY_DESCRIPTION,
        "LO",
        "MRI knee left, T2  fat sat",
    );
    let cleaned = clean(&ALL, &set);
    assert_eq!(cleaned.verdict, Verdict::Clean, "{:?}", cleaned.findings);
    let input = set.file(Charset::Utf8);
    let before = read(&input).expect("readable");
    let output = cleaned.output.as_ref().expect("an output");
    let after = read(output.bytes()).expect("readable");
    for tag in [WINDOW, STUDY_DESCRIPTION] {
        let bytes = |f: &File<'_>| {
            f.data
                .get(Tag(tag))
                .and_then(|e| e.bytes().map(<[u8]>::to_vec))
        };
        assert_eq!(bytes(&before), bytes(&after));
    }
}

#[test]
fn a_description_is_removed_or_cleaned_as_the_option_says() {
    let mut set = slice();
    set.text(
        STUDY_DESCRIPTION,
        "LO",
        "MRI knee left Grünbaum ACC-90817 of 04.03.2021",
    );
    assert_eq!(after(&clean(&[], &set), STUDY_DESCRIPTION), "");
    let text = |options: &[DeidOption]| after(&clean(options, &set), STUDY_DESCRIPTION);
    assert_eq!(
        text(&[CleanDescriptors]),
        "MRI knee left PERSON IDENT of DATE"
    );
    assert_eq!(
        text(&[CleanDescriptors, RetainFullDates]),
        "MRI knee left PERSON IDENT of 04.03.2021"
    );
    let moved = text(&[CleanDescriptors, RetainModifiedDates]);
    let date = moved.rsplit(' ').next().expect("a date").to_owned();
    let study = after(
        &clean(&[CleanDescriptors, RetainModifiedDates], &set),
        0x0008_0020,
    );
    assert_eq!(
        date,
        format!("{}.{}.{}", &study[6..8], &study[4..6], &study[..4]),
        "dates in texts move with the patient's"
    );
}

#[test]
fn the_cells_of_other_options_are_cleaned_too() {
    let mut set = slice();
    set.text(
        0x0010_2110,
        "LO",
        "Iodinated contrast\\as told by Kratochvil",
    )
    .text(0x0038_0500, "LO", "Ventilated, Grünbaum")
    .text(0x0008_0055, "AE", "GRUENBAUM_MR1");
    let cleaned = clean(&[RetainPatientCharacteristics], &set);
    assert_eq!(
        after(&cleaned, 0x0010_2110),
        "Iodinated contrast\\as told by PERSON"
    );
    assert_eq!(after(&cleaned, 0x0038_0500), "Ventilated, PERSON");
    assert_eq!(after(&cleaned, 0x0008_0055), "");
    let cleaned = clean(&[RetainDeviceIdentity], &set);
    assert!(!after(&cleaned, 0x0008_0055).contains("GRUENBAUM"));
    assert_eq!(after(&cleaned, 0x0010_2110), "");
}

#[test]
fn a_doubtful_word_holds_until_a_person_decides_and_goes_nowhere() {
    let mut set = slice();
    set.text(STUDY_DESCRIPTION, "LO", "MRI knee Xyvolant");
    let cleaner = cleaner(&[CleanDescriptors]);
    let held = clean_with(&cleaner, &set);
    assert_eq!(held.verdict, Verdict::Held);
    assert_eq!(held.uncertain.len(), 1);
    assert_eq!(held.uncertain[0].word, "Xyvolant");
    assert_eq!(held.uncertain[0].path, Tag(STUDY_DESCRIPTION).into());
    let finding = held
        .findings
        .iter()
        .find(|f| f.code == Code::UncertainWords)
        .expect("a finding");
    assert_eq!(finding.place.tag, Some(Tag(STUDY_DESCRIPTION).into()));
    let record = held.output.as_ref().expect("an output").record();
    let said =
        serde_json::to_string(record).expect("JSON") + &format!("{held:?}", held = held.uncertain);
    assert!(!said.contains("Xyvolant"), "no word in records and logs");

    let mut decisions = WordDecisions::default();
    decisions.accept("xyvolant");
    let kept = clean_with(&cleaner.clone().with_decisions(decisions.clone()), &set);
    assert_eq!(kept.verdict, Verdict::Clean, "{:?}", kept.findings);
    assert_eq!(after(&kept, STUDY_DESCRIPTION), "MRI knee Xyvolant");
    decisions.reject("Xyvolant");
    let gone = clean_with(&cleaner.with_decisions(decisions), &set);
    assert_eq!(gone.verdict, Verdict::Clean, "{:?}", gone.findings);
    assert_eq!(after(&gone, STUDY_DESCRIPTION), "MRI knee PERSON");
}

#[test]
fn the_patient_s_own_name_that_is_a_word_is_asked_about_once() {
    let mut set = slice();
    set.text(0x0010_0010, "PN", "Hodgkin^Paula").text(
        STUDY_DESCRIPTION,
        "LO",
        "Hodgkin disease, Paula",
    );
    let cleaner = cleaner(&[CleanDescriptors]);
    let held = clean_with(&cleaner, &set);
    assert_eq!(after(&held, STUDY_DESCRIPTION), "Hodgkin disease, PERSON");
    assert_eq!(held.verdict, Verdict::Held);
    let mut decisions = WordDecisions::default();
    for word in &held.uncertain {
        decisions.accept(&word.word);
    }
    let kept = clean_with(&cleaner.with_decisions(decisions), &set);
    assert_eq!(kept.verdict, Verdict::Clean, "{:?}", kept.findings);
}

#[test]
fn a_cleaned_text_fits_its_vr_and_its_character_set() {
    let mut set = slice();
    set.text(0x0018_0024, "SH", "ax Ottilie 3mm").text(
        0x0040_0254,
        "LO",
        format!("{} Ottilie", "T2 axial ".repeat(6)),
    );
    let cleaned = clean(&[CleanDescriptors], &set);
    assert!(after(&cleaned, 0x0018_0024).chars().count() <= 16);
    assert!(after(&cleaned, 0x0040_0254).chars().count() <= 64);

    // Kanji behind escapes stay kanji behind escapes.
    let mut set = slice();
    set.text(0x0010_0010, "PN", "Yamada^Tarou=山田^太郎").text(
        STUDY_DESCRIPTION,
        "LO",
        "頭部 MRI Yamada",
    );
    let cleaned = cleaner(&[CleanDescriptors]).clean(&set.file(Charset::Japanese));
    let output = cleaned.output.expect("an output");
    let file = read(output.bytes()).expect("readable");
    let text = file.data.text(Tag(STUDY_DESCRIPTION));
    assert_eq!(text.as_deref(), Some("頭部 MRI PERSON"));
}

#[test]
fn a_header_s_name_that_is_a_word_is_doubted_in_a_machine_s_text_too() {
    let mut set = slice();
    set.text(0x0010_0010, "PN", "Younger^Paula").text(
        0x0018_1020,
        "LO",
        "version for Younger brains",
    );
    let held = clean(&[], &set);
    assert_eq!(held.verdict, Verdict::Held);
    assert_eq!(held.uncertain[0].word, "Younger");
}

#[test]
fn what_machines_and_public_vocabularies_write_is_not_doubted() {
    let mut meaning = Set::new();
    meaning
        .text(0x0008_0100, "SH", "T-D1100")
        .text(0x0008_0102, "SH", "SRT")
        .text(CODE_MEANING, "LO", "Xyvolant gland");
    let mut set = slice();
    set.items(0x0008_2218, vec![meaning])
        .text(0x0018_1020, "LO", "fnordware 2019-03-01 Zork")
        .text(0x0019_0010, "LO", "GEMS_ACQU_01")
        .text(0x0019_109E, "LO", "EPI2 Grünbaum");
    let cleaned = clean(&[RetainSafePrivate], &set);
    assert_eq!(cleaned.verdict, Verdict::Clean, "{:?}", cleaned.findings);
    assert_eq!(after(&cleaned, CODE_MEANING), "Xyvolant gland");
    assert_eq!(after(&cleaned, 0x0018_1020), "fnordware 2019-03-01 Zork");
    assert_eq!(after(&cleaned, 0x0019_109E), "EPI2 PERSON");
}

fn code(value: &str, scheme: &str, meaning: &str) -> Set {
    let mut set = Set::new();
    set.text(0x0008_0100, "SH", value)
        .text(0x0008_0102, "SH", scheme)
        .text(CODE_MEANING, "LO", meaning);
    set
}

fn content(kind: &str, concept: Set) -> Set {
    let mut set = Set::new();
    set.text(0x0040_A010, "CS", "CONTAINS")
        .text(0x0040_A040, "CS", kind)
        .items(0x0040_A043, vec![concept]);
    set
}

fn report(extra: Option<Set>) -> Set {
    let mut finding = content("TEXT", code("121071", "DCM", "Finding"));
    finding.text(
        TEXT_VALUE,
        "UT",
        "Ottilie Grünbaum: no focal lesion of the knee.",
    );
    let mut number = content("TEXT", code("121030", "DCM", "Subject ID"));
    number.text(TEXT_VALUE, "UT", "PAT-48151");
    let mut who = content("PNAME", code("121008", "DCM", "Person Observer Name"));
    who.text(0x0040_A123, "PN", "Kratochvil^Vera");
    let mut image = content("IMAGE", code("121112", "DCM", "Source of Measurement"));
    let mut reference = Set::new();
    reference
        .text(0x0008_1150, "UI", "1.2.840.10008.5.1.4.1.1.4")
        .text(0x0008_1155, "UI", "1.2.3.4.5.7");
    image.items(0x0008_1199, vec![reference]);
    let mut items = vec![finding, number, who, image];
    items.extend(extra);
    let mut set = of_class("1.2.840.10008.5.1.4.1.1.88.22", "SR");
    set.text(0x0040_A040, "CS", "CONTAINER")
        .items(0x0040_A043, vec![code("18748-4", "LN", "Imaging Report")])
        .text(0x0040_A050, "CS", "SEPARATE")
        .items(0x0040_A730, items);
    set
}

fn items<'a, 'f>(file: &'f File<'a>) -> &'f [DataSet<'a>] {
    file.data
        .get(Tag(0x0040_A730))
        .and_then(cordon_dicom::Element::items)
        .unwrap_or_default()
}

#[test]
fn content_items_are_judged_by_concept() {
    let cleaned = clean(&[CleanStructuredContent, CleanDescriptors], &report(None));
    assert_eq!(
        after(&cleaned, TEXT_VALUE),
        "PERSON: no focal lesion of the knee."
    );
    let output = cleaned.output.as_ref().expect("an output");
    let file = read(output.bytes()).expect("readable");
    let kinds: Vec<_> = items(&file)
        .iter()
        .filter_map(|i| i.ascii(Tag(0x0040_A040)))
        .collect();
    assert_eq!(kinds, ["TEXT", "TEXT", "PNAME", "IMAGE"]);
    let values: Vec<_> = items(&file)
        .iter()
        .filter_map(|i| i.text(Tag(TEXT_VALUE)))
        .collect();
    assert_eq!(values[1], "REMOVED", "the subject's number");
    // What the report refers to is what the image is called by now.
    let key = SiteKey::from_bytes([9; 32]);
    let referenced = first(&file.data, 0x0008_1155);
    assert_eq!(referenced, Some(key.uid("1.2.3.4.5.7")));

    let alone = clean(&[CleanStructuredContent], &report(None));
    assert_eq!(
        after(&alone, TEXT_VALUE),
        "REMOVED",
        "no descriptors asked for"
    );
}

#[test]
fn an_item_that_goes_takes_no_other_s_place_away() {
    let mut accession = content("TEXT", code("121022", "DCM", "Accession Number"));
    accession.text(TEXT_VALUE, "UT", "ACC-90817");
    let options = [CleanStructuredContent, CleanDescriptors];
    let count = |set: &Set| {
        let cleaned = clean(&options, set);
        let output = cleaned.output.as_ref().expect("an output");
        items(&read(output.bytes()).expect("readable")).len()
    };
    let mut set = report(Some(accession.clone()));
    assert_eq!(count(&set), 4, "X: it goes");
    let mut by_position = Set::new();
    by_position.text(0x0040_A010, "CS", "INFERRED FROM").bytes(
        0x0040_DB73,
        "UL",
        vec![1, 0, 0, 0, 1, 0, 0, 0],
    );
    accession.items(0x0040_A730, vec![by_position]);
    set = report(Some(accession));
    assert_eq!(count(&set), 5, "its place is referred to");
}

#[test]
fn annotations_stay_without_names_and_overlays_go() {
    let mut text = Set::new();
    text.text(0x0070_0006, "ST", "Lesion 12 mm, Grünbaum");
    let mut shape = Set::new();
    shape.us(0x0070_0020, 2).text(0x0070_0023, "CS", "POLYLINE");
    let mut annotation = Set::new();
    annotation
        .text(0x0070_0002, "CS", "LAYER1")
        .items(0x0070_0008, vec![text])
        .items(0x0070_0009, vec![shape]);
    let mut set = of_class("1.2.840.10008.5.1.4.1.1.11.1", "PR");
    set.items(0x0070_0001, vec![annotation])
        .bytes(0x6000_3000, "OW", vec![1; 8])
        .text(0x6000_4000, "LT", "seen by Kratochvil")
        .text(0x6000_1500, "LO", "Grünbaum");
    let cleaned = clean(&[CleanGraphics, CleanDescriptors], &set);
    assert_eq!(after(&cleaned, 0x0070_0006), "Lesion 12 mm, PERSON");
    assert_eq!(after(&cleaned, 0x0070_0023), "POLYLINE");
    let output = cleaned.output.as_ref().expect("an output");
    let file = read(output.bytes()).expect("readable");
    assert!(file.data.elements.iter().all(|e| e.tag.group() != 0x6000));
    assert_eq!(cleaned.verdict, Verdict::Held, "it had an overlay");
    let alone = clean(&[CleanGraphics], &set);
    assert_eq!(after(&alone, 0x0070_0006), "REMOVED");
    assert_eq!(after(&alone, 0x0070_0023), "POLYLINE");
}

#[test]
fn a_stranger_sees_a_telephone_and_refuses() {
    // As a tool would write it that stamps what it did not do.
    let options = [CleanDescriptors];
    let mut set = slice();
    set.text(STUDY_DESCRIPTION, "LO", "MRI knee left side QQQQ");
    let cleaner = cleaner(&options);
    let mut decisions = WordDecisions::default();
    decisions.accept("QQQQ");
    let cleaned = clean_with(&cleaner.with_decisions(decisions), &set);
    let mut bytes = cleaned.output.expect("an output").bytes().to_vec();
    let old = b"MRI knee left side QQQQ";
    let at = bytes
        .windows(old.len())
        .position(|w| w == old)
        .expect("the text");
    bytes[at..at + old.len()].copy_from_slice(b"call +49 30 901820 13  ");
    let judged = gate_under(&bytes, Policy::new(&options).expect("policy"));
    assert_eq!(judged.verdict, Verdict::Refused);
    assert!(judged.findings.iter().any(|f| f.code == Code::ResidueText));
}

#[test]
fn stamps_say_what_was_done() {
    let cleaned = clean(&ALL, &slice());
    let output = cleaned.output.as_ref().expect("an output");
    let file = read(output.bytes()).expect("readable");
    let codes: Vec<_> = file
        .data
        .get(Tag(0x0012_0064))
        .and_then(cordon_dicom::Element::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|i| i.ascii(Tag(0x0008_0100)))
        .collect();
    assert_eq!(
        codes,
        [
            "113100", "113103", "113104", "113105", "113107", "113108", "113111"
        ]
    );
}
