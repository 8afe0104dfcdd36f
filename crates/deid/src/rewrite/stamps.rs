//! What Cordon writes itself: the pseudonym, and the stamps that say what was done
//! (PS3.15 sections E.1.1 and E.3).

use cordon_dicom::{DataSet, Element, Vr, tag, tags};
use cordon_protocol::{Action, Rule, Tag};

use super::Rewriter;
use crate::iod::Node;
use crate::rules::PATIENT_NAME;

const IDENTITY_REMOVED: Tag = Tag(0x0012_0062);
const METHOD: Tag = Tag(0x0012_0063);
const METHOD_CODES: Tag = Tag(0x0012_0064);
const TEMPORAL: Tag = Tag(0x0028_0303);
/// Every attribute that says what was done.
pub(super) const STAMPS: [Tag; 4] = [IDENTITY_REMOVED, METHOD, METHOD_CODES, TEMPORAL];

impl Rewriter<'_> {
    /// Writes one of the attributes that Cordon adds or appends to.
    pub(super) fn add(&mut self, tag: Tag, data: &DataSet<'_>, node: Node) {
        if self.add_of_stages(tag) {
            return;
        }
        match tag {
            IDENTITY_REMOVED => {
                self.writer.bytes(tag, Vr::CS, b"YES ");
                // Where it stands in the root, whatever else in the object looks the same.
                self.identity_removed_at = self.writer.position() - 4;
            }
            TEMPORAL => {
                let value = self.job.policy.temporal();
                self.writer.bytes(tag, Vr::CS, value.as_bytes());
            }
            // What stood there may be anybody's words; what was done before, the codes say.
            METHOD => self.writer.bytes(tag, Vr::LO, self.job.method.as_bytes()),
            METHOD_CODES => self.add_codes(data, node),
            _ => {
                let vr = if tag == PATIENT_NAME { Vr::PN } else { Vr::LO };
                self.writer.bytes(tag, vr, self.job.pseudonym.as_bytes());
                self.note(tag, Action::Pseudonym, Rule::TableE11);
                return;
            }
        }
        self.note(tag, Action::Stamp, Rule::Stamp);
    }

    fn add_codes(&mut self, data: &DataSet<'_>, node: Node) {
        self.writer.begin_sequence(METHOD_CODES);
        let before = data
            .get(METHOD_CODES)
            .and_then(Element::items)
            .unwrap_or_default();
        let code = |item: &DataSet<'_>| {
            let scheme = item.ascii(tag(tags::CODING_SCHEME_DESIGNATOR));
            (scheme == Some("DCM"))
                .then(|| item.ascii(tag(tags::CODE_VALUE)))
                .flatten()
                .map(str::to_owned)
        };
        let mut present: Vec<String> = Vec::new();
        let inner = node.child(METHOD_CODES);
        for (i, item) in before.iter().enumerate() {
            let said = code(item);
            // What the object itself contradicts was not done.
            if self.claim_stands(said.as_deref(), data) {
                self.item(METHOD_CODES, i, item, inner, 1);
                present.extend(said);
            }
        }
        let mut done = self.job.policy.options();
        done.extend(self.job.stages.options());
        for option in done {
            if present.iter().any(|c| c == option.code()) {
                continue;
            }
            self.writer.begin_item();
            self.writer
                .bytes(tag(tags::CODE_VALUE), Vr::SH, option.code().as_bytes());
            self.writer
                .bytes(tag(tags::CODING_SCHEME_DESIGNATOR), Vr::SH, b"DCM");
            self.writer
                .bytes(tag(tags::CODE_MEANING), Vr::LO, option.meaning().as_bytes());
            self.writer.end_item();
        }
        self.writer.end_sequence();
    }
}
