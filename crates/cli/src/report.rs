//! `report.json`: a verdict and findings for every input, written while the run goes on.
//!
//! The report names the inputs by their paths, which may name people, beside the
//! pseudonyms. It belongs to the clinic: only its owner may read it, and it does
//! not travel with the cleaned files.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use cordon_protocol::{Change, Counts, Finding, Severity, TagPath, Verdict};
use serde::Serialize;

/// One finding, spelled out for readers that do not know the codes.
#[derive(Debug, Serialize)]
pub(crate) struct FindingLine {
    code: &'static str,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<TagPath>,
    #[serde(skip_serializing_if = "Option::is_none")]
    offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<u32>,
    sentence: String,
}

impl FindingLine {
    /// For the screen.
    pub(crate) fn spoken(&self) -> String {
        format!("{}: {}", self.code, self.sentence)
    }
}

impl From<&Finding> for FindingLine {
    fn from(finding: &Finding) -> Self {
        Self {
            code: finding.code.as_str(),
            severity: finding.severity(),
            tag: finding.place.tag.clone(),
            offset: finding.place.offset,
            frame: finding.place.frame,
            sentence: finding.sentence(),
        }
    }
}

/// One input.
#[derive(Debug, Serialize)]
pub(crate) struct InputLine {
    /// The path, as the person gave it.
    pub(crate) input: String,
    /// The verdict.
    pub(crate) verdict: Verdict,
    /// Where the cleaned object is, below the output folder.
    pub(crate) output: Option<String>,
    /// Digest of the cleaned object.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sha256: Option<String>,
    /// What was noticed.
    pub(crate) findings: Vec<FindingLine>,
    /// How many attributes met each action.
    pub(crate) counts: Counts,
    /// What happened to each attribute, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) changes: Option<Vec<Change>>,
    /// Why reading or writing failed, where it did; the verdict holds all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
}

/// What was run.
#[derive(Debug, Serialize)]
pub(crate) struct Head {
    /// Version of this file's form.
    pub(crate) format: u32,
    /// Version of Cordon.
    pub(crate) cleaned_by: &'static str,
    /// Protocol id and version.
    pub(crate) protocol: String,
    /// Its digest.
    pub(crate) protocol_sha256: String,
    /// Edition of PS3.15.
    pub(crate) edition: String,
}

/// The sums.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Summary {
    /// Inputs.
    pub(crate) inputs: u64,
    /// Of these, clean.
    pub(crate) clean: u64,
    /// Of these, held.
    pub(crate) held: u64,
    /// Of these, refused.
    pub(crate) refused: u64,
    /// Of these, those that could not be read or whose object could not be written.
    pub(crate) failed: u64,
    /// Links and special files that were passed over.
    pub(crate) passed_over: u64,
    /// Inputs by the code of each finding.
    pub(crate) findings: BTreeMap<&'static str, u64>,
    /// Actions over all inputs.
    pub(crate) counts: Counts,
}

impl Summary {
    fn add(&mut self, line: &InputLine) {
        self.inputs += 1;
        match line.verdict {
            Verdict::Clean => self.clean += 1,
            Verdict::Held => self.held += 1,
            Verdict::Refused => self.refused += 1,
        }
        self.failed += u64::from(line.error.is_some());
        let codes: std::collections::BTreeSet<&str> =
            line.findings.iter().map(|f| f.code).collect();
        for code in codes {
            *self.findings.entry(code).or_insert(0) += 1;
        }
        self.counts.merge(&line.counts);
    }
}

/// The report while it is written.
#[derive(Debug)]
pub(crate) struct Report {
    file: BufWriter<File>,
    temporary: PathBuf,
    path: PathBuf,
    summary: Summary,
    failed: Option<io::Error>,
}

impl Report {
    /// Starts the report under a temporary name.
    pub(crate) fn start(path: &Path, head: &Head) -> io::Result<Self> {
        let temporary = path.with_extension("json.part");
        match fs::remove_file(&temporary) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(e),
            _ => {}
        }
        let mut file = BufWriter::new(crate::key::private_file(&temporary)?);
        let head = serde_json::to_string_pretty(head)?;
        // The head's members, then the inputs, one a line.
        let head = head.trim_end_matches(['}', '\n']);
        write!(file, "{head},\n  \"inputs\": [")?;
        Ok(Self {
            file,
            temporary,
            path: path.to_owned(),
            summary: Summary::default(),
            failed: None,
        })
    }

    /// Adds one input. An error of the disk is kept and told at the end.
    pub(crate) fn add(&mut self, line: &InputLine) {
        let comma = if self.summary.inputs == 0 { "" } else { "," };
        self.summary.add(line);
        let written = write!(self.file, "{comma}\n    ")
            .and_then(|()| serde_json::to_writer(&mut self.file, line).map_err(Into::into));
        if let Err(error) = written {
            self.failed.get_or_insert(error);
        }
    }

    /// Ends the report and gives it its name.
    pub(crate) fn end(mut self, passed_over: u64) -> io::Result<Summary> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.summary.passed_over = passed_over;
        write!(self.file, "\n  ],\n  \"summary\": ")?;
        serde_json::to_writer(&mut self.file, &self.summary)?;
        writeln!(self.file, "\n}}")?;
        self.file.flush()?;
        fs::rename(&self.temporary, &self.path)?;
        Ok(self.summary)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cordon_protocol::{Code, Tag};

    #[test]
    fn the_report_is_json_with_a_line_for_every_input() {
        let dir = tempfile::tempdir().expect("dir");
        let path = dir.path().join("report.json");
        let head = Head {
            format: 1,
            cleaned_by: "cordon",
            protocol: "basic v1".to_owned(),
            protocol_sha256: "ab".to_owned(),
            edition: "2026d".to_owned(),
        };
        let mut report = Report::start(&path, &head).expect("start");
        for n in 0..3_u64 {
            let finding = Finding::at(Code::Truncated, Tag(0x7FE0_0010)).with_offset(n);
            report.add(&InputLine {
                input: format!("in/{n}"),
                verdict: Verdict::Refused,
                output: None,
                sha256: None,
                findings: vec![FindingLine::from(&finding), FindingLine::from(&finding)],
                counts: Counts::default(),
                changes: None,
                error: None,
            });
        }
        let summary = report.end(2).expect("end");
        assert_eq!(
            (summary.inputs, summary.refused, summary.passed_over),
            (3, 3, 2)
        );
        let text = fs::read_to_string(&path).expect("read");
        let json: serde_json::Value = serde_json::from_str(&text).expect("json");
        assert_eq!(json["format"], 1);
        assert_eq!(json["inputs"][2]["findings"][0]["code"], "truncated");
        assert_eq!(json["inputs"][2]["findings"][0]["tag"], "(7FE0,0010)");
        assert_eq!(json["inputs"][2]["findings"][0]["severity"], "refused");
        assert_eq!(json["summary"]["findings"]["truncated"], 3);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&path).expect("metadata").permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
