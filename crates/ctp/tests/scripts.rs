//! Scripts in CTP's form, written for these tests.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use cordon_ctp::{Call, Converted, CtpError, convert};
use cordon_protocol::{AttributeAction, DeidOption, Protocol, Tag};
use proptest::prelude::*;

const SCRIPT: &str = r##"<script>
  <p t="SITE">SITE 4</p>
  <p t="DATEINC">-321</p>
  <e en="T" t="00080018" n="SOPInstanceUID">@hashuid(@UIDROOT,SOPInstanceUID)</e>
  <e en="T" t="00080020" n="StudyDate">@incrementdate(StudyDate,@DATEINC)</e>
  <e en="T" t="00080050" n="AccessionNumber">@hash(this,16)</e>
  <e en="T" t="00080070" n="Manufacturer">@keep()</e>
  <e en="T" t="00080080" n="InstitutionName">@param(@SITE)</e>
  <e en="T" t="00080081" n="InstitutionAddress">@remove()</e>
  <e en="T" t="00080090" n="ReferringPhysicianName">@keep()</e>
  <e en="T" t="00081030" n="StudyDescription">@contents(this,"[0-9]{3,}","#")</e>
  <e en="T" t="00100010" n="PatientName">@hashname(PatientName,6)</e>
  <e en="T" t="00100020" n="PatientID">@lookup(this,ptid)</e>
  <e en="T" t="00100030" n="PatientBirthDate">@empty()</e>
  <e en="T" t="00100040" n="PatientSex">@keep()</e>
  <e en="F" t="00100010" n="PatientName">@keep()</e>
  <e en="T" t="00101010" n="PatientAge">@round(PatientAge,5)</e>
  <e en="T" t="00120062" n="PatientIdentityRemoved">YES</e>
  <e en="T" t="00180015" n="BodyPartExamined">@if(this,isblank){@quarantine()}{@keep()}</e>
  <e en="T" t="00181030" n="ProtocolName">@lowercase(this)</e>
  <e en="T" t="0019[MAKER X]0A" n="Diffusion">@keep()</e>
  <e en="T" t="00191008" n="Something">@keep()</e>
  <k en="T" t="0018">Keep group 18</k>
  <r en="T" t="curves">Remove curves</r>
  <r en="T" t="privategroups">Remove private groups</r>
  <r en="T" t="unspecifiedelements">Remove unchecked elements</r>
</script>
"##;

fn converted(text: &str) -> Converted {
    convert(text, "from-ctp", "From a script").expect("a script")
}

fn asked(protocol: &Protocol, tag: u32) -> Option<AttributeAction> {
    protocol
        .deid
        .attributes
        .iter()
        .find(|a| a.tag == Some(Tag(tag)))
        .map(|a| a.action)
}

fn reason(converted: &Converted, line: u32) -> &str {
    converted
        .not_carried
        .iter()
        .find(|n| n.line == line)
        .map_or("", |n| n.reason.as_str())
}

#[test]
fn the_common_functions_become_a_protocol() {
    let c = converted(SCRIPT);
    let p = &c.protocol;
    assert_eq!(p.deid.options, [DeidOption::RetainModifiedDates]);
    assert_eq!(asked(p, 0x0008_0020), None, "the option moves the date");
    assert!(reason(&c, 5).contains("site key"));
    assert_eq!(asked(p, 0x0008_0050), Some(AttributeAction::Hash));
    assert_eq!(asked(p, 0x0008_0070), None, "the profile keeps it");
    assert_eq!(asked(p, 0x0008_0080), Some(AttributeAction::Constant));
    let site = p.deid.attributes.iter().find_map(|a| a.value.as_deref());
    assert_eq!(site, Some("SITE 4"));
    assert_eq!(asked(p, 0x0008_0081), None, "the profile removes it");
    assert_eq!(asked(p, 0x0008_0090), None, "a person's name is never kept");
    assert!(reason(&c, 10).contains("names a person"));
    assert_eq!(asked(p, 0x0008_1030), Some(AttributeAction::CleanRegex));
    assert!(reason(&c, 13).contains("pseudonym"));
    assert_eq!(asked(p, 0x0010_0030), None);
    assert_eq!(asked(p, 0x0010_0040), Some(AttributeAction::Keep));
    assert!(reason(&c, 17).contains("not rounded"));
    assert!(reason(&c, 18).contains("Cordon writes it"));
    assert!(reason(&c, 19).contains("condition"));
    assert!(reason(&c, 20).contains("@lowercase"));
    let private: Vec<_> = p
        .deid
        .attributes
        .iter()
        .filter_map(|a| a.private.as_ref())
        .collect();
    assert_eq!(private.len(), 1);
    assert_eq!(
        (private[0].creator.as_str(), private[0].numbers()),
        ("MAKER X", Some((0x19, 0x0A)))
    );
    assert!(reason(&c, 22).contains("without its creator"));
    assert!(reason(&c, 23).contains("table"));
    assert!(reason(&c, 26).contains("wholesale"));
    assert_eq!(c.disabled, 1);
    let again = Protocol::from_toml(&p.to_toml().expect("TOML")).expect("a valid protocol");
    assert_eq!(&again, p);
}

#[test]
fn every_rule_is_carried_or_explained() {
    let c = converted(SCRIPT);
    let rules: Vec<u32> = SCRIPT
        .lines()
        .zip(1..)
        .filter(|(l, _)| l.contains("en=\"T\""))
        .map(|(_, n)| n)
        .collect();
    let only_explained = c
        .not_carried
        .iter()
        .filter(|n| rules.contains(&n.line))
        .count();
    assert!(c.carried + only_explained >= rules.len());
    assert!(
        c.carried < rules.len(),
        "conditions and such are not counted as carried"
    );
}

#[test]
fn dates_that_the_script_keeps_stay_by_the_option() {
    let c = converted(
        "<script><e en='T' t='00080020'>@keep()</e><e en='T' t='0020000D'>@keep()</e><r en='T' t='privategroups'/></script>",
    );
    assert_eq!(
        c.protocol.deid.options,
        [DeidOption::RetainUids, DeidOption::RetainFullDates]
    );
    let c = converted("<script><e en='T' t='00080070'>@require()</e></script>");
    assert_eq!(c.protocol.deid.options, [DeidOption::RetainSafePrivate]);
    assert_eq!(c.protocol.require.attributes.len(), 1);
}

#[test]
fn what_is_no_script_is_told_with_its_line() {
    assert_eq!(
        convert("<script>\n<e></script>", "x", "X"),
        Err(CtpError::Xml { line: 2 })
    );
    assert_eq!(convert("<pipeline/>", "x", "X"), Err(CtpError::NotAScript));
    assert!(
        convert(
            "<!DOCTYPE a [<!ENTITY b 'c'>]><script>&b;</script>",
            "x",
            "X"
        )
        .is_err()
    );
}

proptest! {
    #[test]
    fn no_script_makes_the_reader_panic(
        text in "\\PC{0,200}",
        tag in "[0-9A-F\\[\\](), ]{0,14}",
        call in "[@a-z\"(),{}\\\\\\[\\]0-9 ]{0,60}",
    ) {
        let _ = Call::parse(&text);
        let _ = convert(&text, "x", "X");
        let escaped = call.replace('"', "&quot;");
        let script = format!("<script><e en=\"T\" t=\"{tag}\">{escaped}</e><r en='T' t='{tag}'/></script>");
        let made = convert(&script, "x", "X");
        prop_assert!(made.is_ok(), "{made:?}");
    }

    #[test]
    fn every_function_on_every_attribute_gives_a_valid_protocol(
        tag in prop::sample::select(vec!["00080020", "00080050", "00100010", "00100030", "00081030",
            "00180050", "00280010", "7FE00010", "00400275", "00080012", "00181000", "0020000D",
            "00120062", "00104000", "60003000", "00020010"]),
        name in prop::sample::select(vec!["keep", "remove", "empty", "blank", "require", "hashuid",
            "hash", "hashname", "hashptid", "hashdate", "incrementdate", "modifydate", "lookup",
            "integer", "append", "param", "contents", "if", "always", "process", "quarantine",
            "skip", "initials", "scramble", "date", "time", "truncate", "uppercase", "lowercase",
            "round", "value"]),
        argument in "[a-zA-Z0-9@\", ]{0,30}",
    ) {
        let argument = argument.replace('"', "&quot;");
        let script = format!("<script><e en=\"T\" t=\"{tag}\">@{name}({argument})</e></script>");
        let made = convert(&script, "x", "X").expect("a valid protocol");
        prop_assert!(made.carried > 0 || !made.not_carried.is_empty());
    }
}
