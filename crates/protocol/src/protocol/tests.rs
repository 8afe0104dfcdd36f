//! Tests of protocols: what is refused and where, the digest, the schema, the ready ones.

use proptest::prelude::*;

use super::*;
use crate::{Finding, Tag, Verdict};

const HEAD: &str = "id='x'\ntitle='X'\n";

fn error(text: &str) -> String {
    Protocol::from_toml(&format!("{HEAD}{text}"))
        .expect_err("must be refused")
        .to_string()
}

#[test]
fn an_option_that_cannot_be_carried_out_is_refused() {
    let text = "id='x'\ntitle='X'\n[deid]\noptions=['clean-pixel-data']";
    assert_eq!(
        Protocol::from_toml(text),
        Err(ProtocolError::OptionNotSupported("Clean Pixel Data Option"))
    );
    let both = "id='x'\ntitle='X'\n[deid]\noptions=['retain-full-dates','retain-modified-dates']";
    assert!(Protocol::from_toml(both).is_err());
    assert!(Protocol::from_toml("id='x'\ntitle='X'\nsurprise=1").is_err());
    assert!(Protocol::from_toml("id='x'\ntitle='X'\nedition='2019a'").is_err());
    assert!(Protocol::from_toml("id='x'\ntitle='X'").is_ok());
}

#[test]
fn the_digest_follows_the_content_and_not_the_form() {
    let a = Protocol::basic();
    let b =
        Protocol::from_json(&serde_json::to_string_pretty(&a).expect("json")).expect("protocol");
    assert_eq!(a.digest(), b.digest());
    let mut c = a.clone();
    c.deid.pseudonym_prefix = "X-".to_owned();
    assert_ne!(a.digest(), c.digest());
}

#[test]
fn protocols_of_the_first_form_keep_their_digest() {
    // As it stood before a protocol could speak of attributes, requirements and roles.
    let canonical = concat!(
        r#"{"accept":{"modalities":[]},"approval":{"held_may_be_approved":true},"#,
        r#""deid":{"options":[],"pseudonym_prefix":""},"edition":"2026d","id":"basic","#,
        r#""purpose":"PS3.15 Basic Application Confidentiality Profile without options.","#,
        r#""title":"Basic Profile","version":1}"#
    );
    assert_eq!(canonical_json(&Protocol::basic()), canonical);
}

#[test]
fn an_error_names_line_and_field() {
    let shown = error("[deid]\n[[deid.attribute]]\ntag='(0008,0070)'\naction='keep'\nreason=''");
    assert!(shown.starts_with("line 7: "), "{shown}");
    assert!(shown.contains("deid.attribute[1].reason"), "{shown}");
    let shown = error("[deid]\npseudonym_prefix='lower'");
    assert!(shown.starts_with("line 4: "), "{shown}");
    let shown = error("[require]\nmin_slices='many'");
    assert!(shown.starts_with("line 4: "), "{shown}");
    let shown = error("[deid]\n[[deid.attribute]]\ntag='(0008,0070)'\nreason='r'\naction='guess'");
    assert!(shown.starts_with("line 7: "), "{shown}");
    let shown = error("[approval]\nwhole=['nobody']");
    assert!(shown.contains("approval.whole"), "{shown}");
}

fn attribute(lines: &str) -> Result<Protocol, ProtocolError> {
    Protocol::from_toml(&format!("{HEAD}[[deid.attribute]]\nreason='r'\n{lines}"))
}

#[test]
fn what_names_a_person_cannot_be_made_to_stay() {
    for tag in [
        "(0010,0010)",
        "(0010,0020)",
        "(0010,0030)",
        "(0010,1000)",
        "(0010,1040)",
        "(0008,0050)",
        "(0008,0090)",
        "(0008,1070)",
        "(0040,A730)",
        "(0042,0011)",
        "(0010,2154)",
    ] {
        for action in [
            "action='keep'",
            "action='shift'",
            "action='map'\ntable={a='b'}",
            "action='clean-regex'\npattern='a'",
        ] {
            let lines = format!("tag='{tag}'\n{action}");
            assert!(attribute(&lines).is_err(), "{lines}");
        }
    }
    assert!(
        attribute("tag='(0010,0010)'\naction='remove'").is_err(),
        "the pseudonym"
    );
    assert!(attribute("tag='(0008,0050)'\naction='hash'").is_ok());
    assert!(attribute("tag='(0008,0090)'\naction='constant'\nvalue='NOBODY'").is_ok());
}

#[test]
fn dates_and_uids_stay_by_their_options_only() {
    assert!(attribute("tag='(0008,0020)'\naction='keep'").is_err());
    assert!(attribute("tag='(0008,0030)'\naction='keep'").is_err());
    assert!(attribute("tag='(0018,1002)'\naction='keep'").is_err());
    assert!(attribute("tag='(0008,0020)'\naction='shift'").is_ok());
    assert!(attribute("tag='(0008,0030)'\naction='shift'").is_err());
}

#[test]
fn every_action_wants_its_own_fields_and_a_fitting_value() {
    for good in [
        "tag='(0008,0080)'\naction='keep'",
        "tag='(0008,0080)'\naction='constant'\nvalue='SITE 4'",
        "tag='(0018,0050)'\naction='constant'\nvalue='1.25'",
        "tag='(0008,1030)'\naction='clean-regex'\npattern='[0-9]{4,}'\nreplacement='#'",
        "tag='(0018,0015)'\naction='map'\ntable={Thorax='CHEST'}",
        "private={creator='GEMS_PARM_01',group='0043',element='39'}\naction='keep'",
    ] {
        assert!(
            attribute(good).is_ok(),
            "{good}: {:?}",
            attribute(good).err()
        );
    }
    for bad in [
        "action='keep'",
        "tag='(0008,0080)'\nprivate={creator='A',group='0043',element='39'}\naction='keep'",
        "tag='(0043,1039)'\naction='keep'",
        "tag='(0008,9998)'\naction='keep'",
        "tag='(0028,0010)'\naction='remove'",
        "tag='(0012,0062)'\naction='constant'\nvalue='YES'",
        "tag='(0008,0080)'\naction='keep'\nvalue='x'",
        "tag='(0008,0080)'\naction='constant'",
        "tag='(0008,0080)'\naction='constant'\nvalue='Zürich'",
        "tag='(0018,0050)'\naction='constant'\nvalue='thick'",
        "tag='(0008,0022)'\naction='constant'\nvalue='20240231'",
        "tag='(0018,0015)'\naction='map'\ntable={Thorax='chest'}",
        "tag='(0018,0015)'\naction='map'",
        "tag='(0008,1030)'\naction='clean-regex'\npattern='('",
        "tag='(0008,1030)'\naction='clean-regex'\npattern='a*'",
        "tag='(0008,1030)'\naction='clean-regex'\npattern='a'\nreplacement='bab'",
        "tag='(0008,1110)'\naction='constant'\nvalue='x'",
        "private={creator='A',group='0042',element='39'}\naction='keep'",
        "private={creator=' A',group='0043',element='39'}\naction='keep'",
        "tag='(0008,0080)'\naction='keep'\n[[deid.attribute]]\ntag='00080080'\nreason='r'\naction='remove'",
    ] {
        assert!(attribute(bad).is_err(), "{bad}");
    }
}

#[test]
fn requirements_only_make_a_verdict_stricter() {
    let text = format!(
        "{HEAD}[require]\nbody_parts=['CHEST']\nmin_slices=20\nmodalities=['CT']\n\
         attributes=[{{tag='(0008,0070)',otherwise='refused',reason='r'}}]\n\
         checks=[{{code='no-preamble',limit=1,otherwise='held'}}]"
    );
    let require = Protocol::from_toml(&text).expect("protocol").require;
    let none = require.instance(|_| None);
    assert_eq!(Verdict::of(&none), Verdict::Refused);
    assert_eq!(none.len(), 2);
    assert!(none.iter().all(is_requirement));
    let all =
        require.instance(|t| Some(if t == Tag(0x0018_0015) { "chest " } else { "M" }.to_owned()));
    assert!(all.is_empty());
    let note = Finding::new(crate::Code::NoPreamble);
    assert_eq!(require.verdict(std::slice::from_ref(&note)), Verdict::Clean);
    assert_eq!(require.verdict(&[note.clone(), note]), Verdict::Held);
    assert!(require.series("CT", 19).is_some() && require.series("CT", 20).is_none());
    assert!(require.series("SR", 1).is_none());
    assert_eq!(require.study(&["MR".to_owned()].into()).len(), 1);
}

#[test]
fn only_the_named_roles_approve() {
    let text = format!("{HEAD}[approval]\nroles=['radiologist','manager']\nheld=['radiologist']");
    let rule = Protocol::from_toml(&text).expect("protocol").approval;
    assert!(rule.may_release(Some("radiologist")));
    assert!(!rule.may_release(Some("manager")) && !rule.may_release(None));
    assert!(rule.may_approve(None));
}

#[test]
fn the_ready_protocols_read_and_write_back_as_the_same() {
    for ready in READY {
        let protocol = ready
            .protocol()
            .unwrap_or_else(|e| panic!("{}: {e}", ready.id));
        assert_eq!(protocol.id, ready.id);
        let again = Protocol::from_toml(&protocol.to_toml().expect("TOML")).expect("again");
        assert_eq!(protocol, again);
        assert_eq!(Ready::find(ready.id), Some(ready));
    }
    let basic = Ready::find("basic").expect("basic").protocol();
    assert_eq!(basic, Ok(Protocol::basic()));
}

#[test]
fn the_json_schema_in_the_documentation_is_this_one() {
    let schema = schemars::schema_for!(Protocol);
    let mut text = serde_json::to_string_pretty(&schema).expect("json");
    text.push('\n');
    let path = std::path::PathBuf::from(std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default())
        .join("../../docs/protocol.schema.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &text).expect("write");
    }
    let there = std::fs::read_to_string(path).expect("docs/protocol.schema.json");
    assert!(there == text, "stale: run this test with UPDATE=1");
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_panic(text in "\\PC{0,300}", tail in "[a-z\\[\\]='\"., \n]{0,200}") {
        let _ = Protocol::from_toml(&text);
        if let Err(e) = Protocol::from_toml(&format!("{HEAD}{tail}")) {
            prop_assert!(!e.to_string().is_empty());
        }
    }
}

#[test]
fn the_example_in_the_documentation_is_a_protocol() {
    let page = include_str!("../../../../docs/user/protocol.md");
    let example = page
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("an example");
    let protocol = Protocol::from_toml(example).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(protocol.deid.attributes.len(), 2);
    assert!(!protocol.require.is_nothing());
}
