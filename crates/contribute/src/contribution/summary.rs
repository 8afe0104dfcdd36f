//! Sums: for the screen and for the receipt.

use cordon_protocol::wire::CloseRequest;
use cordon_protocol::{Code, Counts, Decision, DecisionKind, ReceiptInstance, Severity, Verdict};

use super::{Contribution, Phase, Progress};

impl Contribution {
    /// Numbers for the screen.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let mut p = Progress::default();
        for file in &self.files {
            if file.phase == Phase::Stays && file.verdict.is_none() {
                continue;
            }
            p.found += 1;
            p.found_bytes += file.size;
            let read = !matches!(file.phase, Phase::Found | Phase::Reading);
            p.read += u64::from(read);
            p.unmeasured += u64::from(!read && file.size == 0);
            let other = file
                .findings
                .iter()
                .any(|f| matches!(f.code, Code::NotDicom | Code::Directory));
            p.other += u64::from(other);
            p.objects += u64::from((file.entry.is_some() || file.record.is_some()) && !other);
            if let Some(verdict) = file.verdict {
                p.judged += 1;
                p.judged_bytes += file.size;
                match verdict {
                    Verdict::Clean => p.clean += 1,
                    Verdict::Held => {
                        p.held += 1;
                        p.undecided += u64::from(file.decision.is_none());
                    }
                    Verdict::Refused => p.refused += u64::from(!other),
                }
            }
            let bytes = file.record.as_ref().map_or(0, |r| r.bytes);
            if file.leaves() {
                p.leaving += 1;
                p.leaving_bytes += bytes;
            }
            if file.phase == Phase::Sent {
                p.sent += 1;
                p.sent_bytes += bytes;
            }
            p.failed += u64::from(file.phase == Phase::Failed);
        }
        p
    }

    /// The request that closes the contribution at the server.
    #[must_use]
    pub fn close_request(&self, cleaned_by: &str) -> CloseRequest {
        let mut counts = Counts::default();
        let mut stayed = self.stayed_before.clone();
        let mut decisions = Vec::new();
        let mut instances = Vec::new();
        let mut protocol = String::new();
        for file in &self.files {
            if let Some(code) = file.stays_because() {
                *stayed.entry(code.to_owned()).or_insert(0) += 1;
            }
            let Some(record) = &file.record else { continue };
            if let Some(kind) = file.decision {
                decisions.push(Decision {
                    sop_instance_uid: record.instance.clone(),
                    kind,
                    findings: file
                        .findings
                        .iter()
                        .filter(|f| f.severity() == Severity::Held)
                        .map(|f| f.code.as_str().to_owned())
                        .collect(),
                });
            }
            if file.phase != Phase::Sent {
                continue;
            }
            protocol.clone_from(&record.protocol_sha256);
            counts.merge(&file.counts);
            instances.push(ReceiptInstance {
                study: record.study.clone(),
                series: record.series.clone(),
                instance: record.instance.clone(),
                bytes: record.bytes,
                sha256: record.sealed_sha256.clone(),
                verdict: record.verdict,
                approved: file.decision == Some(DecisionKind::Accept),
            });
        }
        instances.sort_by(|a, b| {
            (&a.study, &a.series, &a.instance).cmp(&(&b.study, &b.series, &b.instance))
        });
        CloseRequest {
            protocol_sha256: protocol,
            cleaned_by: cleaned_by.to_owned(),
            counts,
            approval: self.approval.clone().unwrap_or_default(),
            decisions,
            stayed,
            instances,
        }
    }
}
