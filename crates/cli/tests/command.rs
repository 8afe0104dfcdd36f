//! The command as a person runs it: folders in, folders out, exit status.
#![allow(clippy::expect_used, clippy::panic)] // a test may end in a panic

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output};

use cordon_protocol::{CountersignedReceipt, Receipt};
use cordon_synth::{Kind, PEOPLE, SynthFile};
use ed25519_dalek::SigningKey;
use serde_json::Value;

/// A place of its own for each test: input, output, configuration.
struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            dir: tempfile::tempdir().expect("dir"),
        }
    }
    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }
    fn cordon(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_cordon"))
            .args(arguments)
            .current_dir(self.dir.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .output()
            .expect("cordon starts")
    }
    fn report(&self, out: &str) -> Value {
        let text = fs::read_to_string(self.path(out).join("report.json")).expect("report");
        serde_json::from_str(&text).expect("json")
    }
    /// Every file below a folder, by its path there.
    fn tree(&self, folder: &str) -> BTreeMap<String, Vec<u8>> {
        let root = self.path(folder);
        let mut found = BTreeMap::new();
        let mut left = vec![root.clone()];
        while let Some(dir) = left.pop() {
            let Ok(entries) = fs::read_dir(&dir) else {
                continue;
            };
            for entry in entries {
                let path = entry.expect("entry").path();
                if path.is_dir() {
                    left.push(path);
                } else {
                    let name = path
                        .strip_prefix(&root)
                        .expect("below")
                        .display()
                        .to_string();
                    found.insert(name, fs::read(&path).expect("read"));
                }
            }
        }
        found
    }
}

fn samples(place: &Place) -> Vec<SynthFile> {
    let files: Vec<SynthFile> = cordon_synth::one_of_each(1).collect();
    cordon_synth::write_to(&place.path("in"), files.iter().cloned()).expect("write");
    fs::write(place.path("in/notes.txt"), "not an image").expect("write");
    files
}

fn status(output: &Output) -> i32 {
    output.status.code().expect("a status")
}

fn line<'a>(report: &'a Value, ending: &str) -> &'a Value {
    report["inputs"]
        .as_array()
        .expect("inputs")
        .iter()
        .find(|l| l["input"].as_str().is_some_and(|i| i.ends_with(ending)))
        .unwrap_or_else(|| panic!("no line for {ending}"))
}

fn codes(line: &Value) -> Vec<&str> {
    let findings = line["findings"].as_array().expect("findings");
    findings.iter().filter_map(|f| f["code"].as_str()).collect()
}

fn holds(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|w| w == needle)
}

#[test]
fn every_input_gets_its_verdict_and_its_place() {
    let place = Place::new();
    let files = samples(&place);
    let run = place.cordon(&["clean", "in", "--out", "out", "--json"]);
    assert_eq!(status(&run), 0, "{}", String::from_utf8_lossy(&run.stderr));
    let summary: Value = serde_json::from_slice(&run.stdout).expect("one line of JSON");
    assert_eq!(summary["inputs"], files.len() + 1);
    assert_eq!(summary["key_made"], true);
    let report = place.report("out");
    for file in &files {
        let line = line(&report, &file.path);
        let verdict = match file.kind {
            Kind::CtAbdomen | Kind::MrKnee | Kind::CrChest => "clean",
            Kind::MrHead | Kind::Ultrasound | Kind::SecondaryCapture | Kind::Pdf => "held",
            Kind::StructuredReport | Kind::NotDicom => continue,
        };
        assert_eq!(
            line["verdict"].as_str().map(str::to_lowercase).as_deref(),
            Some(verdict),
            "{:?}",
            file.kind
        );
        let output = line["output"].as_str().expect("output");
        assert!(output.starts_with(verdict), "{output}");
        assert_eq!(
            output.split('/').count(),
            5,
            "verdict, pseudonym, study, series, instance"
        );
        assert!(place.path("out").join(output).is_file());
    }
    let text = line(&report, "notes.txt");
    assert_eq!(codes(text), ["not-dicom"]);
    assert_eq!(text["output"], Value::Null);
    let place_of = |n: &str| place.path("config/cordon").join(n);
    assert!(place_of("site.key").is_file());
}

#[test]
fn nothing_of_the_people_is_in_any_written_object() {
    let place = Place::new();
    samples(&place);
    place.cordon(&["clean", "in", "--out", "out"]);
    let written: Vec<(String, Vec<u8>)> = place
        .tree("out")
        .into_iter()
        .filter(|(name, _)| name != "report.json")
        .collect();
    assert!(written.len() >= 6);
    for (name, bytes) in &written {
        for person in &PEOPLE {
            for text in [
                person.name,
                person.id,
                person.other_id,
                person.birth,
                person.address,
                person.phone,
                person.physician,
            ] {
                // The picture and the document are what a person must look at.
                if name.starts_with("held") && text == person.birth {
                    continue;
                }
                assert!(!name.contains(text));
                assert!(
                    !holds(bytes, &person.charset.encode(text)),
                    "{text} is in {name}"
                );
            }
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing_and_the_key_all() {
    let place = Place::new();
    samples(&place);
    place.cordon(&["clean", "in", "--out", "a", "--threads", "1"]);
    place.cordon(&["clean", "in", "--out", "b", "--threads", "8"]);
    assert_eq!(place.tree("a/clean"), place.tree("b/clean"));
    assert_eq!(place.tree("a/held"), place.tree("b/held"));
    assert_eq!(place.report("a")["inputs"], place.report("b")["inputs"]);
    fs::write(
        place.path("other.key"),
        format!("cordon site key v1\nkey: {}\n", "5a".repeat(32)),
    )
    .expect("key");
    let run = place.cordon(&["clean", "in", "--out", "c", "--key", "other.key"]);
    assert_eq!(status(&run), 0);
    let names = |tree: BTreeMap<String, Vec<u8>>| tree.into_keys().collect::<Vec<_>>();
    let (a, c) = (names(place.tree("a/clean")), names(place.tree("c/clean")));
    assert_eq!(a.len(), c.len());
    assert!(a.iter().all(|name| !c.contains(name)));
}

#[test]
fn copies_are_sent_once_and_duplicates_are_held() {
    let place = Place::new();
    let file = cordon_synth::one_of_each(1)
        .find(|f| f.kind == Kind::MrKnee)
        .expect("knee");
    fs::create_dir_all(place.path("in")).expect("dir");
    fs::write(place.path("in/1"), &file.bytes).expect("write");
    fs::write(place.path("in/2"), &file.bytes).expect("write");
    let mut other = file.bytes.clone();
    let last = other.len() - 1;
    other[last] ^= 1;
    fs::write(place.path("in/3"), &other).expect("write");
    let run = place.cordon(&["clean", "in", "--out", "out"]);
    assert_eq!(status(&run), 0);
    let report = place.report("out");
    assert_eq!(codes(line(&report, "in/2")), ["copy"]);
    assert_eq!(codes(line(&report, "in/3")), ["duplicate-instance"]);
    assert_eq!(place.tree("out/clean").len(), 1);
    let held = place.tree("out/held");
    assert_eq!(held.len(), 1);
    assert!(held.keys().all(|name| name.ends_with("-2.dcm")), "{held:?}");
}

#[test]
fn a_zip_gives_what_its_folder_gives() {
    let place = Place::new();
    let files = samples(&place);
    let mut zip = zip::ZipWriter::new(fs::File::create(place.path("all.zip")).expect("zip"));
    for file in &files {
        zip.start_file(
            format!("../{}", file.path),
            zip::write::SimpleFileOptions::default(),
        )
        .expect("entry");
        zip.write_all(&file.bytes).expect("bytes");
    }
    zip.finish().expect("zip");
    place.cordon(&["clean", "in", "--out", "a"]);
    let run = place.cordon(&["clean", "all.zip", "--out", "b"]);
    assert_eq!(status(&run), 0);
    assert_eq!(place.tree("a/clean"), place.tree("b/clean"));
    assert_eq!(place.tree("a/held"), place.tree("b/held"));
}

#[test]
fn the_gate_passes_what_is_clean_and_nothing_else() {
    let place = Place::new();
    samples(&place);
    place.cordon(&["clean", "in", "--out", "out"]);
    assert_eq!(status(&place.cordon(&["check", "out/clean"])), 0);
    assert_eq!(status(&place.cordon(&["check", "out/held"])), 1);
    assert_eq!(
        status(&place.cordon(&["check", "in"])),
        1,
        "what was never cleaned"
    );
    let (name, mut bytes) = place.tree("out/clean").into_iter().next().expect("a file");
    let half = bytes.len() / 2;
    bytes.truncate(half);
    fs::write(place.path("out/clean").join(name), bytes).expect("write");
    assert_eq!(
        status(&place.cordon(&["check", "out/clean"])),
        1,
        "a truncated one"
    );
    fs::create_dir_all(place.path("empty")).expect("dir");
    assert_eq!(
        status(&place.cordon(&["check", "empty"])),
        1,
        "nothing is not a pass"
    );
}

#[test]
fn wrong_usage_and_missing_input_have_their_own_status() {
    let place = Place::new();
    assert_eq!(status(&place.cordon(&["clean", "in"])), 2);
    assert_eq!(status(&place.cordon(&["check"])), 2);
    assert_eq!(status(&place.cordon(&["clean", "--out", "out"])), 2);
    let run = place.cordon(&["clean", "nowhere", "--out", "out", "--json"]);
    assert_eq!(status(&run), 1);
    assert_eq!(codes(line(&place.report("out"), "nowhere")), ["unreadable"]);
    fs::write(place.path("bad.key"), "secret").expect("write");
    let run = place.cordon(&["clean", "nowhere", "--out", "out", "--key", "bad.key"]);
    assert_eq!(status(&run), 1);
    assert!(!String::from_utf8_lossy(&run.stderr).contains("secret"));
    fs::write(
        place.path("p.toml"),
        "id='x'\ntitle='X'\n[deid]\noptions=['clean-pixel-data']",
    )
    .expect("write");
    let run = place.cordon(&["clean", "nowhere", "--out", "out", "--protocol", "p.toml"]);
    assert_eq!(status(&run), 1);
    assert!(String::from_utf8_lossy(&run.stderr).contains("Clean Pixel Data Option"));
}

#[test]
fn an_output_folder_inside_the_input_is_not_cleaned_again() {
    let place = Place::new();
    let files = samples(&place);
    for _ in 0..2 {
        let run = place.cordon(&["clean", "in", "--out", "in/out", "--json"]);
        let summary: Value = serde_json::from_slice(&run.stdout).expect("json");
        assert_eq!(summary["inputs"], files.len() + 1);
    }
}

#[test]
fn a_receipt_is_verified_against_the_key_one_expects() {
    let place = Place::new();
    let receipt = Receipt {
        format: 1,
        contribution: "0f".repeat(16),
        project: "demo".to_owned(),
        server: "http://127.0.0.1:1".to_owned(),
        protocol: "basic v1".to_owned(),
        protocol_sha256: "ab".repeat(32),
        edition: "2026d".to_owned(),
        options: Vec::new(),
        cleaned_by: "cordon".to_owned(),
        received_by: "cordon".to_owned(),
        received_at: "2026-11-22T00:00:00Z".to_owned(),
        counts: cordon_protocol::Counts::default(),
        approval: cordon_protocol::Approval::default(),
        decisions: Vec::new(),
        stayed: BTreeMap::new(),
        instances: Vec::new(),
        tables: Vec::new(),
    };
    let signed = CountersignedReceipt::sign(receipt, &SigningKey::from_bytes(&[7; 32]));
    let text = serde_json::to_string_pretty(&signed).expect("json");
    fs::write(place.path("r.json"), &text).expect("write");
    fs::write(place.path("forged.json"), text.replace("demo", "other")).expect("write");
    fs::write(place.path("none.json"), "{}").expect("write");
    let check = |file: &str, key: Option<&str>| {
        let mut arguments = vec!["check", "--receipt", file];
        arguments.extend(key.map(|k| ["--key", k]).into_iter().flatten());
        place.cordon(&arguments)
    };
    assert_eq!(status(&check("r.json", None)), 0);
    assert_eq!(status(&check("r.json", Some(&signed.public_key))), 0);
    assert_eq!(status(&check("r.json", Some("AAAA"))), 1);
    assert_eq!(status(&check("forged.json", None)), 1);
    let none = check("none.json", None);
    assert_eq!(status(&none), 1);
    assert!(String::from_utf8_lossy(&none.stderr).contains("not a Cordon receipt"));
}

#[test]
fn a_report_for_people_is_one_page_without_names() {
    let place = Place::new();
    samples(&place);
    let done = place.cordon(&["clean", "in", "--out", "out", "--evidence", "evidence.html"]);
    assert_eq!(status(&done), 0, "{done:?}");
    let page = fs::read(place.path("evidence.html")).expect("page");
    assert!(holds(&page, b"What stays, and on what ground") && holds(&page, b"113100"));
    for person in PEOPLE {
        assert!(!holds(&page, person.name.as_bytes()), "a name");
    }
    assert!(
        place.report("out")["inputs"][0]["changes"].is_null(),
        "not asked for"
    );
}

#[test]
fn ready_protocols_are_listed_shown_and_usable() {
    let place = Place::new();
    samples(&place);
    let list = place.cordon(&["protocols", "list"]);
    for ready in cordon_protocol::READY {
        assert!(holds(&list.stdout, ready.id.as_bytes()));
        let shown = place.cordon(&["protocols", "show", ready.id]);
        assert_eq!(shown.stdout, ready.toml.as_bytes());
        let file = format!("{}.toml", ready.id);
        fs::write(place.path(&file), &shown.stdout).expect("write");
        assert_eq!(status(&place.cordon(&["protocols", "check", &file])), 0);
    }
    let done = place.cordon(&[
        "clean",
        "in",
        "--out",
        "out",
        "--protocol",
        "teaching-file.toml",
    ]);
    assert_eq!(status(&done), 0, "{done:?}");
    assert_eq!(status(&place.cordon(&["protocols", "show", "nonsense"])), 1);
    fs::write(
        place.path("bad.toml"),
        "id = 'x'\ntitle = 'X'\n[deid]\npseudonym_prefix = 'a'\n",
    )
    .expect("write");
    let bad = place.cordon(&["protocols", "check", "bad.toml"]);
    assert_eq!(status(&bad), 1);
    assert!(holds(
        &bad.stderr,
        b"line 4: the protocol's deid.pseudonym_prefix"
    ));
}

#[test]
fn a_ctp_script_becomes_a_protocol_and_says_what_is_lost() {
    let place = Place::new();
    let script = "<script>\n<e en=\"T\" t=\"00080050\">@hash(this)</e>\n<e en=\"T\" t=\"00180015\">@initials(PatientName)</e>\n</script>";
    fs::write(place.path("script.xml"), script).expect("write");
    let made = place.cordon(&["protocols", "from-ctp", "script.xml"]);
    assert_eq!(status(&made), 0, "{made:?}");
    assert!(holds(
        &made.stderr,
        b"line 3: (0018,0015) Body Part Examined: @initials"
    ));
    fs::write(place.path("made.toml"), &made.stdout).expect("write");
    assert_eq!(
        status(&place.cordon(&["protocols", "check", "made.toml"])),
        0
    );
}

/// Two slices of a knee whose descriptions hold doubtful words.
fn doubtful(place: &Place) {
    fs::create_dir_all(place.path("in")).expect("folder");
    for (n, text) in ["MRI knee Xyvolant", "MRI knee Brelvoque left"]
        .iter()
        .enumerate()
    {
        let mut set = cordon_synth::Set::new();
        set.text(0x0008_0005, "CS", "ISO_IR 192")
            .text(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.4")
            .text(0x0008_0018, "UI", format!("1.2.3.4.5.{n}"))
            .text(0x0008_0060, "CS", "MR")
            .text(0x0008_1030, "LO", *text)
            .text(0x0010_0010, "PN", "Grünbaum^Ottilie")
            .text(0x0010_0020, "LO", "PAT-48151")
            .text(0x0018_0015, "CS", "KNEE")
            .text(0x0020_000D, "UI", "1.2.3.4.1")
            .text(0x0020_000E, "UI", "1.2.3.4.2");
        let bytes = set.file(cordon_synth::Charset::Utf8);
        fs::write(place.path(&format!("in/{n}.dcm")), bytes).expect("write");
    }
    let protocol = "id = \"texts\"\ntitle = \"Texts\"\n[deid]\noptions = [\"clean-descriptors\"]\n";
    fs::write(place.path("texts.toml"), protocol).expect("protocol");
}

#[test]
fn words_in_doubt_are_written_for_the_clinic_and_decided_in_a_second_run() {
    let place = Place::new();
    doubtful(&place);
    let arguments = [
        "clean",
        "in",
        "--out",
        "out",
        "--protocol",
        "texts.toml",
        "--json",
    ];
    let run = place.cordon(&arguments);
    assert_eq!(status(&run), 0, "{}", String::from_utf8_lossy(&run.stderr));
    let said: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    assert_eq!(
        (&said["held"], &said["words_undecided"]),
        (&2.into(), &2.into())
    );
    let written = place.path("out/words.toml");
    let text = fs::read_to_string(&written).expect("words");
    assert!(
        text.contains("Xyvolant") && text.contains("Brelvoque"),
        "{text}"
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&written)
            .expect("metadata")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let outside = |run: &Output| {
        let mut all = run.stdout.clone();
        all.extend(&run.stderr);
        all.extend(place.report("out").to_string().bytes());
        all
    };
    for word in [b"Xyvolant".as_slice(), b"Brelvoque"] {
        assert!(
            !holds(&outside(&run), word),
            "neither screen nor report repeats a word"
        );
    }
    // A person edits it and gives it back.
    let edited = text
        .replace("accept = []", "accept = [\"Xyvolant\"]")
        .replace("reject = []", "reject = [\"BRELVOQUE\"]");
    fs::write(&written, edited).expect("edit");
    let run = place.cordon(&arguments);
    assert_eq!(status(&run), 1, "decisions are not written over");
    assert!(!holds(&outside(&run), b"Xyvolant"));
    let mut again = arguments.to_vec();
    again.extend(["--words", "out/words.toml"]);
    let run = place.cordon(&again);
    assert_eq!(status(&run), 0, "{}", String::from_utf8_lossy(&run.stderr));
    let said: Value = serde_json::from_slice(&run.stdout).expect("JSON");
    assert_eq!(
        (&said["clean"], &said["words_undecided"]),
        (&2.into(), &0.into())
    );
    let clean: Vec<Vec<u8>> = place.tree("out/clean").into_values().collect();
    assert_eq!(clean.len(), 2);
    assert!(place.tree("out/held").is_empty(), "what was held moved");
    assert!(clean.iter().any(|b| holds(b, b"MRI knee Xyvolant")));
    assert!(!clean.iter().any(|b| holds(b, b"Brelvoque")));
    let check = place.cordon(&["check", "out", "--protocol", "texts.toml"]);
    assert_eq!(
        status(&check),
        0,
        "{}",
        String::from_utf8_lossy(&check.stdout)
    );
    // The decisions are still there for the next run.
    let text = fs::read_to_string(&written).expect("words");
    assert!(
        text.contains("xyvolant") && text.contains("brelvoque"),
        "{text}"
    );
}
