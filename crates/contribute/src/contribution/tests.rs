use super::*;
use crate::Entry;

fn record(n: u32, verdict: Verdict) -> CheckRecord {
    CheckRecord {
        pseudonym: "P".to_owned(),
        study: "2.25.1".to_owned(),
        series: "2.25.2".to_owned(),
        instance: format!("2.25.10{n}"),
        sop_class: String::new(),
        modality: "CT".to_owned(),
        bytes: 1000,
        sha256: format!("{n:064x}"),
        sealed_sha256: format!("{n:064x}"),
        identity_removed_at: 0,
        verdict,
        findings: Vec::new(),
        protocol_sha256: "p".to_owned(),
        mac: String::new(),
    }
}

fn summary(n: u32, verdict: Verdict) -> CleanSummary {
    CleanSummary {
        verdict,
        findings: Vec::new(),
        counts: Counts::default(),
        record: (verdict != Verdict::Refused).then(|| record(n, verdict)),
    }
}

fn entry(n: u32) -> Inventory {
    Inventory::Object(Box::new(Entry {
        patient_id: "A".to_owned(),
        study_uid: "1.2".to_owned(),
        series_uid: "1.2.3".to_owned(),
        instance_uid: format!("1.2.3.{n}"),
        frames: 1,
        instance_number: Some(100 - i32::try_from(n).expect("small")),
        ..Entry::default()
    }))
}

fn new() -> Contribution {
    Contribution::new("00".repeat(16), "demo", "p")
}

/// Drives reading and cleaning to the end; file `n` gets verdict `verdicts[n]`.
fn through(c: &mut Contribution, verdicts: &[Verdict]) {
    for n in 0..verdicts.len() {
        c.add_file(format!("{n}.dcm"), 1000);
    }
    while let Some(task) = c.next_task() {
        match task {
            Task::Read(id) => c.on_inventory(id, entry(id)),
            Task::Clean(id) => c.on_cleaned(id, summary(id, verdicts[id as usize])),
            other => panic!("{other:?} before approval"),
        }
    }
}

fn by() -> Approval {
    Approval {
        by: "DPO".to_owned(),
        at: "2026-11-22T00:00:00Z".to_owned(),
        role: None,
    }
}

fn send_all(c: &mut Contribution) -> u32 {
    let mut sent = 0;
    while let Some(task) = c.next_task() {
        match task {
            Task::Send(ids) => {
                for id in ids {
                    sent += 1;
                    c.on_sent(id, Ok(()));
                }
            }
            Task::Close => c.on_closed(true),
            other => panic!("{other:?} after approval"),
        }
    }
    sent
}

#[test]
fn only_what_is_clean_or_accepted_leaves() {
    let mut c = new();
    through(
        &mut c,
        &[
            Verdict::Clean,
            Verdict::Held,
            Verdict::Held,
            Verdict::Refused,
        ],
    );
    let p = c.progress();
    assert_eq!(
        (p.clean, p.held, p.refused, p.undecided, p.leaving),
        (1, 2, 1, 2, 1)
    );
    c.decide(&[1], Some(DecisionKind::Accept)).expect("decide");
    // A refused file cannot be accepted.
    c.decide(&[3], Some(DecisionKind::Accept))
        .expect("no effect");
    assert_eq!(c.progress().leaving, 2);
    c.approve(by()).expect("approve");
    assert_eq!(send_all(&mut c), 2);
    assert!(c.is_closed());
    let request = c.close_request("cordon");
    assert_eq!(request.instances.len(), 2);
    assert_eq!(request.stayed.get("not-decided"), Some(&1));
    assert_eq!(request.stayed.values().sum::<u64>(), 2);
}

#[test]
fn nothing_is_sent_before_a_person_approved() {
    let mut c = new();
    through(&mut c, &[Verdict::Clean]);
    assert_eq!(c.next_task(), None);
    let nobody = Approval {
        by: "  ".to_owned(),
        at: String::new(),
        role: None,
    };
    assert_eq!(c.approve(nobody), Err(StepError::NoName));
    let mut held = new();
    through(&mut held, &[Verdict::Held]);
    assert_eq!(held.approve(by()), Err(StepError::Nothing));
    let mut busy = new();
    busy.add_file("x".to_owned(), 1);
    assert_eq!(busy.approve(by()), Err(StepError::NotDone));
}

#[test]
fn a_closed_tab_costs_nothing() {
    let mut c = new();
    through(&mut c, &[Verdict::Clean, Verdict::Held, Verdict::Clean]);
    c.decide(&[1], Some(DecisionKind::Accept)).expect("decide");
    c.approve(by()).expect("approve");
    let mut journal = c.drain_journal();
    let Some(Task::Send(ids)) = c.next_task() else {
        panic!("nothing to send")
    };
    c.on_sent(ids[0], Ok(()));
    // The tab dies before the other answers are written down.
    journal.extend(c.drain_journal());
    let text = serde_json::to_string(&journal).expect("json");
    assert!(
        !text.contains(".dcm") && !text.contains("1.2.3"),
        "no name, no original UID"
    );
    let mut again = Contribution::replay(journal).expect("journal");
    assert_eq!(again.id(), c.id());
    assert_eq!(again.progress().sent, 1);
    assert_eq!(again.progress().leaving, 3);
    assert_eq!(send_all(&mut again), 2);
    assert!(again.is_closed());
    // The folder dropped again after a restart is not taken twice.
    let mut c = new();
    through(&mut c, &[Verdict::Clean, Verdict::Clean]);
    let mut again = Contribution::replay(c.drain_journal()).expect("journal");
    for n in 0..2 {
        let id = again.add_file(format!("{n}.dcm"), 1000);
        assert_eq!(again.next_task(), Some(Task::Read(id)));
        again.on_inventory(id, entry(n));
        assert_eq!(again.next_task(), Some(Task::Clean(id)));
        again.on_cleaned(id, summary(n, Verdict::Clean));
    }
    assert_eq!(again.progress().leaving, 2);
    assert_eq!(again.progress().refused, 0);
    assert!(again.file(0).is_some_and(|f| f.entry.is_some()));
}

#[test]
fn copies_and_duplicates_are_told_apart() {
    let mut c = new();
    for n in 0..3 {
        c.add_file(format!("{n}"), 1);
        c.next_task();
        c.on_inventory(n, entry(n));
    }
    while c.next_task().is_some() {}
    c.on_cleaned(0, summary(7, Verdict::Clean));
    c.on_cleaned(1, summary(7, Verdict::Clean));
    let mut other = summary(7, Verdict::Clean);
    if let Some(r) = &mut other.record {
        r.sha256 = "different".to_owned();
    }
    c.on_cleaned(2, other);
    let code = |id| c.file(id).and_then(|f| f.findings.first()).map(|f| f.code);
    assert_eq!(code(1), Some(Code::Copy));
    assert_eq!(code(2), Some(Code::Duplicate));
    assert_eq!(c.progress().leaving, 1);
}

#[test]
fn failures_are_tried_again_and_then_shown() {
    let mut c = new();
    through(&mut c, &[Verdict::Clean]);
    c.approve(by()).expect("approve");
    let mut tries = 0;
    while let Some(Task::Send(ids)) = c.next_task() {
        tries += 1;
        c.on_sent(ids[0], Err(("line broke".to_owned(), true)));
    }
    assert_eq!(tries, 5);
    assert_eq!(c.progress().failed, 1);
    assert_eq!(c.reopen(), Ok(()), "nothing was sent, so it can be changed");
    c.approve(by()).expect("again");
    assert_eq!(send_all(&mut c), 1);
    assert_eq!(c.reopen(), Err(StepError::Sent));
}

#[test]
fn decisions_can_be_taken_back() {
    let mut c = new();
    through(&mut c, &[Verdict::Held, Verdict::Held]);
    c.decide(&[0, 1], Some(DecisionKind::Accept))
        .expect("decide");
    c.decide(&[1], Some(DecisionKind::Exclude)).expect("decide");
    assert_eq!(c.progress().leaving, 1);
    assert!(c.undo());
    assert_eq!(c.progress().leaving, 2);
    assert!(c.undo());
    assert_eq!(c.progress().leaving, 0);
    assert!(!c.undo());
}

#[test]
fn the_tree_gathers_files_and_orders_slices() {
    let mut c = new();
    through(&mut c, &[Verdict::Clean, Verdict::Held, Verdict::Refused]);
    let tree = c.tree();
    assert_eq!(tree.len(), 1);
    let series = &tree[0].studies[0].series[0];
    assert_eq!(series.files, vec![2, 1, 0], "by Instance Number");
    assert_eq!(series.by_verdict, [1, 1, 1]);
    assert_eq!(series.verdict, Some(Verdict::Refused));
    assert_eq!(tree[0].sums().files, 3);
}

#[test]
fn a_file_may_come_without_its_size_and_is_measured_when_it_is_read() {
    let mut c = new();
    let (known, unknown) = (c.add_file("a".to_owned(), 7), c.add_file("b".to_owned(), 0));
    assert_eq!((c.progress().found_bytes, c.progress().unmeasured), (7, 1));
    c.on_size(unknown, 5);
    assert_eq!((c.progress().found_bytes, c.progress().unmeasured), (12, 0));
    let none = c.add_file("c".to_owned(), 0);
    c.on_inventory(none, Inventory::NotDicom);
    assert_eq!(c.progress().unmeasured, 0, "read, and empty it is");
    assert_eq!(c.file(known).map(|f| f.size), Some(7));
}

#[test]
fn patients_without_an_id_are_told_apart_by_name_and_birth_date() {
    let mut c = new();
    for (number, birth) in [("1", "19500101"), ("2", "19500101"), ("3", "19600101")] {
        let id = c.add_file(number.to_owned(), 1);
        c.on_inventory(
            id,
            Inventory::Object(Box::new(Entry {
                patient_name: "Made^Up".to_owned(),
                birth_date: birth.to_owned(),
                study_uid: "1".to_owned(),
                series_uid: "2".to_owned(),
                ..Entry::default()
            })),
        );
    }
    let tree = c.tree();
    let files = tree.iter().map(|p| p.sums().files).collect::<Vec<_>>();
    assert_eq!(files, [2, 1]);
}

#[test]
fn pausing_hands_out_nothing_and_cancelling_forgets() {
    let mut c = new();
    c.add_file("a".to_owned(), 1);
    c.add_file("b".to_owned(), 1);
    c.pause();
    assert_eq!(c.next_task(), None);
    c.resume();
    assert_eq!(c.next_task(), Some(Task::Read(0)));
    c.cancel_reading();
    assert_eq!(c.next_task(), None);
    assert_eq!(c.progress().found, 1, "the one being read stays");
}

fn with_findings(n: u32, bytes: &str, codes: &[Code]) -> CleanSummary {
    let findings: Vec<Finding> = codes.iter().map(|c| Finding::new(*c)).collect();
    let mut summary = summary(n, Verdict::of(&findings));
    if let Some(record) = &mut summary.record {
        bytes.clone_into(&mut record.sha256);
    }
    summary.findings = findings;
    summary
}

/// Three files that hold a doubtful word; the second is of a head besides.
fn doubtful() -> Contribution {
    let mut c = new();
    for n in 0..3 {
        c.add_file(format!("{n}.dcm"), 1000);
        c.next_task();
        c.on_inventory(n, entry(n));
    }
    while c.next_task().is_some() {}
    c.on_cleaned(0, with_findings(0, "a", &[Code::UncertainWords]));
    c.on_cleaned(
        1,
        with_findings(1, "b", &[Code::UncertainWords, Code::Head]),
    );
    c.on_cleaned(2, with_findings(2, "c", &[Code::UncertainWords]));
    c
}

#[test]
fn what_is_cleaned_anew_waits_and_gets_a_verdict_again() {
    let mut c = doubtful();
    assert_eq!(c.progress().undecided, 3);
    assert_eq!(c.reclean(&[0, 2]), Ok(vec![0, 2]));
    assert_eq!(c.progress().judged, 1);
    assert_eq!(c.approve(by()), Err(StepError::NotDone));
    assert_eq!(c.reclean(&[0]), Ok(Vec::new()), "it is on its way already");
    assert_eq!(c.next_task(), Some(Task::Clean(0)));
    assert_eq!(c.next_task(), Some(Task::Clean(2)));
    c.on_cleaned(0, with_findings(0, "a2", &[]));
    c.on_cleaned(2, with_findings(2, "c2", &[Code::UncertainWords]));
    let p = c.progress();
    assert_eq!((p.clean, p.held, p.refused), (1, 2, 0), "no file is a copy");
    c.approve(by()).expect("approve");
    assert_eq!(c.reclean(&[0]), Err(StepError::Approved));
    assert_eq!(send_all(&mut c), 1);
}

#[test]
fn a_decision_stands_when_nothing_new_is_asked() {
    let mut c = doubtful();
    c.decide(&[0, 1], Some(DecisionKind::Accept))
        .expect("decide");
    c.decide(&[2], Some(DecisionKind::Exclude)).expect("decide");
    c.reclean(&[0, 1, 2]).expect("reclean");
    assert!(!c.undo(), "no step reaches behind the cleaning");
    while c.next_task().is_some() {}
    c.on_cleaned(0, with_findings(0, "a2", &[Code::Overlay]));
    c.on_cleaned(1, with_findings(1, "b2", &[Code::Head]));
    c.on_cleaned(2, with_findings(2, "c2", &[]));
    let decision = |id| c.file(id).and_then(|f| f.decision);
    assert_eq!(decision(0), None, "an overlay was never accepted");
    assert_eq!(decision(1), Some(DecisionKind::Accept));
    assert_eq!(decision(2), Some(DecisionKind::Exclude));
}

#[test]
fn the_journal_forgets_what_is_void() {
    let mut c = doubtful();
    c.decide(&[1], Some(DecisionKind::Accept)).expect("decide");
    c.reclean(&[0, 1]).expect("reclean");
    while c.next_task().is_some() {}
    c.on_cleaned(1, with_findings(1, "b2", &[Code::Head]));
    // The tab dies before the first was cleaned again.
    let mut again = Contribution::replay(c.drain_journal()).expect("journal");
    let p = again.progress();
    assert_eq!((p.found, p.held, p.leaving), (2, 2, 1));
    // Dropped again, it is a file like any other.
    let id = again.add_file("0.dcm".to_owned(), 1000);
    again.next_task();
    again.on_inventory(id, entry(0));
    again.next_task();
    again.on_cleaned(id, with_findings(0, "a", &[Code::UncertainWords]));
    let p = again.progress();
    assert_eq!((p.found, p.held, p.refused), (3, 3, 0));
}

#[test]
fn after_a_restart_the_file_dropped_again_counts_when_its_bytes_differ() {
    let mut c = doubtful();
    c.reclean(&[0]).expect("reclean");
    c.next_task();
    c.on_cleaned(0, with_findings(0, "word taken off", &[]));
    let before = c.drain_journal();
    let mut again = Contribution::replay(before.clone()).expect("journal");
    let id = again.add_file("0.dcm".to_owned(), 1000);
    again.next_task();
    again.on_inventory(id, entry(0));
    again.next_task();
    again.on_cleaned(id, with_findings(0, "a", &[Code::UncertainWords]));
    let p = again.progress();
    assert_eq!((p.found, p.clean, p.held, p.refused), (3, 0, 3, 0));
    let mut journal = before;
    journal.extend(again.drain_journal());
    let third = Contribution::replay(journal).expect("journal");
    let p = third.progress();
    assert_eq!((p.found, p.clean, p.held), (3, 0, 3));
}

#[test]
fn a_copy_waits_for_the_one_that_is_cleaned_anew() {
    let mut c = doubtful();
    let copy = c.add_file("copy.dcm".to_owned(), 1000);
    c.next_task();
    c.on_inventory(copy, entry(0));
    assert_eq!(c.next_task(), Some(Task::Clean(copy)));
    c.reclean(&[0]).expect("reclean");
    c.on_cleaned(copy, with_findings(0, "a2", &[]));
    assert_eq!(c.next_task(), Some(Task::Clean(0)));
    assert_eq!(c.next_task(), Some(Task::Clean(copy)));
    c.on_cleaned(0, with_findings(0, "a2", &[]));
    c.on_cleaned(copy, with_findings(0, "a2", &[]));
    let code = |id| c.file(id).and_then(|f| f.findings.first()).map(|f| f.code);
    assert_eq!(code(copy), Some(Code::Copy));
    assert_eq!(c.progress().clean, 1);
    // One that cannot be read any more leaves its place to the next.
    c.reclean(&[0]).expect("reclean");
    c.next_task();
    c.on_failed(0, Finding::new(Code::UnreadableFile));
    let next = c.add_file("next.dcm".to_owned(), 1000);
    c.next_task();
    c.on_inventory(next, entry(0));
    c.next_task();
    c.on_cleaned(next, with_findings(0, "a2", &[]));
    assert_eq!(c.progress().clean, 1);
}

fn asking(text: &str) -> Require {
    let text = format!("id='p'\ntitle='P'\n[require]\n{text}");
    let protocol = cordon_protocol::Protocol::from_toml(&text).expect("protocol");
    protocol.require
}

#[test]
fn a_series_that_is_too_short_is_held_until_it_is_whole_or_accepted() {
    let mut c = new();
    c.set_require(asking("min_slices = 3"));
    through(&mut c, &[Verdict::Clean, Verdict::Clean]);
    let p = c.progress();
    assert_eq!((p.held, p.undecided, p.leaving), (2, 2, 0));
    assert_eq!(c.approve(by()), Err(StepError::Nothing));
    // The missing slice comes, then a person leaves it out again.
    c.add_file("2.dcm".to_owned(), 1000);
    c.next_task();
    assert_eq!(c.progress().held, 2, "not judged while something is read");
    c.on_inventory(2, entry(2));
    c.next_task();
    c.on_cleaned(2, summary(2, Verdict::Clean));
    assert_eq!(c.progress().clean, 3);
    c.decide(&[2], Some(DecisionKind::Exclude)).expect("decide");
    assert_eq!(c.progress().leaving, 0);
    c.decide(&[0, 1], Some(DecisionKind::Accept))
        .expect("decide");
    assert_eq!(c.progress().leaving, 2);
    c.approve(by()).expect("approve");
    assert_eq!(send_all(&mut c), 2);
    let request = c.close_request("cordon");
    assert!(request.instances.iter().all(|i| i.approved));
    assert_eq!(request.decisions[0].findings, ["series-too-short"]);
}

#[test]
fn what_is_held_counts_once_it_is_accepted() {
    let mut c = new();
    c.set_require(asking("min_slices = 3"));
    through(&mut c, &[Verdict::Clean, Verdict::Clean, Verdict::Held]);
    assert_eq!(
        c.progress().leaving,
        0,
        "two would leave, and three are asked for"
    );
    c.decide(&[2], Some(DecisionKind::Accept)).expect("decide");
    assert_eq!(c.progress().leaving, 3);
    assert!(c.undo());
    assert_eq!(c.progress().leaving, 0);
}

#[test]
fn a_study_without_a_modality_that_is_asked_for_is_held() {
    let mut c = new();
    c.set_require(asking("modalities = ['CT', 'PT']"));
    through(&mut c, &[Verdict::Clean]);
    let codes: Vec<Code> = c.files()[0].findings.iter().map(|f| f.code).collect();
    assert_eq!(codes, [Code::StudyLacksModality]);
    c.set_require(asking("modalities = ['CT']"));
    assert_eq!(c.progress().clean, 1);
}
