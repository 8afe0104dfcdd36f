//! Objects without an image: a report and a document, both naming the patient in their content.

use crate::dataset::Set;
use crate::people::StudyIds;
use crate::{Kind, SynthFile};

fn code(value: &str, scheme: &str, meaning: &str) -> Set {
    let mut set = Set::new();
    set.text(0x0008_0100, "SH", value)
        .text(0x0008_0102, "SH", scheme)
        .text(0x0008_0104, "LO", meaning);
    set
}

/// A Basic Text SR whose text names the patient.
pub(crate) fn structured_report(ids: &StudyIds) -> SynthFile {
    let p = &ids.person;
    let mut set = ids.common(90, "SR", "1.2.840.10008.5.1.4.1.1.88.11", 0);
    let plain_name = p.name.replace('^', " ");
    let mut text = Set::new();
    text.text(0x0040_A010, "CS", "CONTAINS")
        .text(0x0040_A040, "CS", "TEXT")
        .items(0x0040_A043, vec![code("121071", "DCM", "Finding")])
        .text(
            0x0040_A160,
            "UT",
            format!("{plain_name} was seen on the ward. No focal lesion of the liver."),
        );
    set.text(0x0008_1030, "LO", "Abdomen portal venous")
        .items(0x0008_1111, Vec::new())
        .text(0x0040_A040, "CS", "CONTAINER")
        .items(
            0x0040_A043,
            vec![code("18748-4", "LN", "Diagnostic imaging report")],
        )
        .text(0x0040_A050, "CS", "SEPARATE")
        .items(0x0040_A372, Vec::new())
        .text(0x0040_A491, "CS", "COMPLETE")
        .text(0x0040_A493, "CS", "UNVERIFIED")
        .items(0x0040_A730, vec![text]);
    SynthFile {
        path: format!("{}/SE090/SR000001.dcm", ids.folder),
        bytes: set.file(p.charset),
        kind: Kind::StructuredReport,
    }
}

/// A PDF of one page with one line of text.
fn pdf_page(line: &str) -> Vec<u8> {
    let stream = format!("BT /F1 18 Tf 60 740 Td ({line}) Tj ET");
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{stream}\nendstream", stream.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut out = "%PDF-1.4\n".to_owned();
    let mut offsets = Vec::new();
    for (n, object) in objects.iter().enumerate() {
        offsets.push(out.len());
        out.push_str(&format!("{} 0 obj{object}endobj\n", n + 1));
    }
    let start = out.len();
    out.push_str("xref\n0 6\n0000000000 65535 f \n");
    for offset in offsets {
        out.push_str(&format!("{offset:010} 00000 n \n"));
    }
    out.push_str(&format!(
        "trailer<</Size 6/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    ));
    out.into_bytes()
}

/// An encapsulated PDF whose page names the patient.
pub(crate) fn pdf(ids: &StudyIds) -> SynthFile {
    let p = &ids.person;
    let mut document = pdf_page(&format!("Letter about {}, born {}", p.drawn, p.birth));
    let length = u32::try_from(document.len()).unwrap_or(u32::MAX);
    if document.len() % 2 == 1 {
        document.push(0);
    }
    let mut set = ids.common(91, "DOC", "1.2.840.10008.5.1.4.1.1.104.1", 0);
    set.text(0x0008_0064, "CS", "WSD")
        .text(0x0008_1030, "LO", "Abdomen portal venous")
        .text(0x0008_002A, "DT", format!("{}101533", ids.date))
        .text(0x0028_0301, "CS", "YES")
        .text(
            0x0042_0010,
            "ST",
            format!("Letter for {}", p.name.replace('^', " ")),
        )
        .items(0x0040_A043, Vec::new())
        .bytes(0x0042_0011, "OB", document)
        .text(0x0042_0012, "LO", "application/pdf")
        .bytes(0x0042_0015, "UL", length.to_le_bytes().to_vec());
    SynthFile {
        path: format!("{}/SE091/DOC00001.dcm", ids.folder),
        bytes: set.file(p.charset),
        kind: Kind::Pdf,
    }
}
