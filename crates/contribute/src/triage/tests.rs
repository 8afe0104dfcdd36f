use super::*;
use cordon_dicom::{Element, Value, Vr};
use cordon_protocol::Tag;

mod carried;

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";
const MR: &str = "1.2.840.10008.5.1.4.1.1.4";
const PT: &str = "1.2.840.10008.5.1.4.1.1.128";
const CR: &str = "1.2.840.10008.5.1.4.1.1.1";

fn bytes(tag: u32, vr: Vr, value: &[u8]) -> Element<'_> {
    Element {
        tag: Tag(tag),
        vr,
        value: Value::Bytes(value),
        offset: 0,
    }
}

fn items<'a>(tag: u32, elements: Vec<Element<'a>>) -> Element<'a> {
    Element {
        tag: Tag(tag),
        vr: Vr::SQ,
        value: Value::Items(vec![set(elements)]),
        offset: 0,
    }
}

fn fragments<'a>(fragments: &[&'a [u8]]) -> Element<'a> {
    let table: &[u8] = b"";
    Element {
        tag: Tag(0x7FE0_0010),
        vr: Vr::OB,
        value: Value::Fragments {
            items: std::iter::once(table)
                .chain(fragments.iter().copied())
                .collect(),
            raw: b"",
        },
        offset: 0,
    }
}

fn set(mut elements: Vec<Element<'_>>) -> DataSet<'_> {
    elements.sort_by_key(|e| e.tag);
    DataSet {
        elements,
        big_endian: false,
    }
}

fn of<'a>(class: &'a str, mut more: Vec<Element<'a>>) -> Vec<Code> {
    more.push(bytes(0x0008_0016, Vr::UI, class.as_bytes()));
    triage(&set(more)).iter().map(|f| f.code).collect()
}

fn codes(class: &str, more: &[(u32, Vr, &str)]) -> Vec<Code> {
    of(
        class,
        more.iter()
            .map(|(t, vr, v)| bytes(*t, *vr, v.as_bytes()))
            .collect(),
    )
}

fn storage_class(rest: &str) -> String {
    format!("1.2.840.10008.5.1.4.1.1.{rest}")
}

fn pixels() -> Element<'static> {
    bytes(0x7FE0_0010, Vr::OW, b"abcd")
}

/// What a study description says of a CT, of an MR and of a PET.
fn described(text: &str) -> Vec<Code> {
    let one = |class| codes(class, &[(0x0008_1030, Vr::LO, text)]);
    let ct = one(CT);
    assert_eq!(ct, one(MR), "{text}");
    assert_eq!(ct, one(PT), "{text}");
    ct
}

#[test]
fn a_head_is_held_and_so_is_what_may_be_one() {
    let part = |v| codes(CT, &[(0x0018_0015, Vr::CS, v)]);
    assert_eq!(part("HEAD"), [Code::Head]);
    assert_eq!(part("ABDOMEN"), []);
    assert_eq!(part(""), [Code::HeadUnknown]);
    assert_eq!(
        part("SPINE"),
        [Code::HeadUnknown],
        "which part of it nobody says"
    );
    let both = codes(
        CT,
        &[
            (0x0018_0015, Vr::CS, "CHEST"),
            (0x0008_103E, Vr::LO, "Neck+Chest 1.0"),
        ],
    );
    assert_eq!(both, [Code::Head]);
    let oral = codes(CT, &[(0x0008_103E, Vr::LO, "Abdomen oral contrast")]);
    assert_eq!(oral, []);
    let german = codes(CT, &[(0x0008_1030, Vr::LO, "CT Schaedel nativ")]);
    assert_eq!(german, [Code::Head]);
    let whole = codes(CT, &[(0x0008_1030, Vr::LO, "PET whole body abdomen")]);
    assert_eq!(whole, [Code::Head]);
}

#[test]
fn a_head_beside_another_part_is_a_head() {
    const HEADS: &[&str] = &[
        "PET CT vertex to mid thigh",
        "CT C-Spine and Chest",
        "CT CSPINE chest",
        "CT C SPINE chest",
        "CT C.Spine chest",
        "CT C\u{2010}Spine chest",
        "CTA aorta arch to vertex",
        "CT temporal bone, chest",
        "CT T-bone chest",
        "Total-body PET chest",
        "TOTALBODY PET chest",
        "total body PET chest",
        "Full body PET CT chest",
        "Whole-body MRI pelvis",
        "Scanner cou-thorax-abdomen",
        "TDM visage et thorax",
        "TC cuello tórax abdomen",
        "TC collo torace addome torax",
        "TC collo torace addome",
        "RM pescoço e tórax",
        "CT nek thorax",
        "NNH + Thorax",
        "Angio Carotis Thorax",
        "CT Kiefer Hand",
        "MRI C spine + L-spine LUMBAR",
        "HWS und LWS",
        "MRI C/T/L spine lumbar",
        "MR CTL-Spine lumbar",
        "CT C3-C7 chest",
        "CT C5/6, chest",
        "CT C7-Th1 thorax",
        "H&N PET abdomen",
        "CTHEADCHEST",
        "CTHead_Chest",
        "HeadNeckChest abdomen",
        // German
        "Schädel und Thorax",
        "Scha\u{308}del und Thorax",
        "SCHAEDEL-THORAX",
        "Felsenbein Thorax",
        "Nasennebenhöhlen Thorax",
        "Halsweichteile/Thorax",
        "Ganzkörper-CT Becken",
        "Ganz-Koerper CT Becken",
        "Polytrauma Thorax Abdomen",
        "Zähne, Hand",
        "Auge Thorax",
        "CT Hals/Thorax/Abdomen",
        "C-Wirbelsäule, LWS, Hand",
        "Ohrspeicheldrüse Hand",
        // French
        "Crâne et thorax",
        "Scanner de l'orbite, thorax",
        "Scanner de l\u{2019}oreille, thorax",
        "TSA et thorax",
        "Rachis cervical et thorax",
        "TEP corps-entier thorax",
        "Mâchoire thorax",
        "Œil thorax",
        // Italian, Spanish, Portuguese
        "Encefalo e torax",
        "RM dell'orecchio, torax",
        "Massiccio facciale torax",
        "Tronchi sovra-aortici, aorta",
        "Cráneo y tórax",
        "Senos paranasales tórax",
        "Columna cervical y lumbar",
        "Cuerpo entero tórax",
        "Troncos supraaórticos aorta",
        "Crânio e tórax",
        "Cabeça, tórax",
        "Maxilar e tórax",
        "Corpo inteiro tórax",
        // Dutch
        "Hersenen en thorax",
        "Hals-thorax",
        "Neusbijholten thorax",
        "Schedel thorax",
        "Kaakgewricht hand",
        "Kaak thorax",
        // Polish, Turkish
        "TK głowy, thorax",
        "TK szyi, thorax",
        "Twarzoczaszka thorax",
        "Kręgosłup szyjny, thorax",
        "Zatoki, thorax",
        "Beyin ve toraks, thorax",
        "Boyun thorax",
        "Baş-boyun thorax",
        "Tüm vücut PET thorax",
        // Danish, Norwegian, Swedish
        "CT caput, thorax",
        "CT collum, thorax",
        "Hjärna, thorax",
        "Hjerne, thorax",
        "Helkropp thorax",
        "Bihålor thorax",
        "Øre, thorax",
        "Halsrygg thorax",
        // Others
        "頭部CT chest",
        "頸部 chest",
        "全身 chest",
        "두경부 chest",
        "КТ головы chest",
        "ＨＥＡＤ ＣＨＥＳＴ",
    ];
    for text in HEADS {
        assert_eq!(described(text), [Code::Head], "{text}");
    }
    let part = codes(
        CT,
        &[
            (0x0018_0015, Vr::CS, "CHEST"),
            (0x0008_1030, Vr::LO, "Scanner cou-thorax-abdomen"),
        ],
    );
    assert_eq!(part, [Code::Head]);
}

#[test]
fn a_head_is_found_whatever_the_character_set_says() {
    for (declared, text) in [
        ("", "Schädel Thorax".as_bytes()),
        ("", b"Sch\xE4del Thorax"),
        ("ISO_IR 192", b"Sch\xE4del Thorax"),
        ("ISO_IR 100", "Schädel Thorax".as_bytes()),
        ("ISO_IR 100", b"Sch\xE4del Thorax"),
    ] {
        let found = of(
            CT,
            vec![
                bytes(0x0008_0005, Vr::CS, declared.as_bytes()),
                bytes(0x0008_1030, Vr::LO, text),
            ],
        );
        assert_eq!(found, [Code::Head], "{declared}");
    }
}

#[test]
fn another_part_alone_is_no_head() {
    for text in [
        "CT chest abdomen pelvis",
        "MRI knee",
        "CT LWS",
        "Abdomen MRI",
        "L-spine",
        "L spine",
        "LSPINE",
        "T-spine",
        "MRT LWS nativ",
        "CT-Spine lumbar",
        "CT spine lumbar",
        "MRI thoracic spine",
        "MRI thoracic-spine",
        "Facet joints, lumbar",
        "Surface coil knee",
        "Superficial femoral artery, leg",
        "T1W BLADE knee",
        "DWI W B1000 abdomen",
        "CT bone, hand",
        "Abdomen C+ C-",
        "Schenkelhals, Becken",
        "Knie li.",
        "Hüfte bds",
        "Lingula, lung",
        "RM abdomen sin contraste",
        "Scanner thorax-abdomen",
        "TC tórax-abdomen",
    ] {
        assert_eq!(described(text), [], "{text}");
    }
    for text in ["", "MRI", "Routine", "SPINE", "CT-Spine"] {
        assert_eq!(described(text), [Code::HeadUnknown], "{text}");
    }
}

#[test]
fn what_may_have_text_in_it_is_held() {
    assert_eq!(
        codes("1.2.840.10008.5.1.4.1.1.7", &[]),
        [Code::SecondaryCapture]
    );
    assert_eq!(
        codes("1.2.840.10008.5.1.4.1.1.6.1", &[]),
        [Code::Ultrasound]
    );
    assert_eq!(codes(CR, &[]), [Code::BurnedInUnstated]);
    assert_eq!(codes(CR, &[(0x0028_0301, Vr::CS, "NO")]), []);
    assert_eq!(
        codes(CR, &[(0x0028_0301, Vr::CS, "YES")]),
        [Code::BurnedInYes]
    );
    assert_eq!(
        codes(CR, &[(0x0028_0301, Vr::CS, "no idea")]),
        [Code::BurnedInYes],
        "what is not NO is YES"
    );
    let dose = codes(
        CT,
        &[
            (0x0008_0008, Vr::CS, "DERIVED\\SECONDARY\\SCREEN SAVE"),
            (0x0018_0015, Vr::CS, "ABDOMEN"),
        ],
    );
    assert_eq!(dose, [Code::Scanned]);
    assert!(codes(CR, &[(0x6000_0010, Vr::US, "ab")]).contains(&Code::Overlay));
    assert_eq!(
        codes("1.2.840.10008.5.1.4.1.1.104.1", &[]),
        [Code::EncapsulatedDocument]
    );
    assert_eq!(codes("1.3.12.2.1107.5.9.1", &[]), [Code::PrivateSopClass]);
    assert_eq!(
        codes("1.2.840.10008.5.1.4.1.1.9999", &[]),
        [Code::UnknownSopClass]
    );
}
