//! One file's line in the inventory, from its head alone.
//!
//! An entry holds the person's real identifiers, because the person at the clinic
//! must recognise what lies in front of them. It lives on their own screen: it is
//! not serialised into journals, records or receipts.

use cordon_dicom::{
    CharacterSet, DataSet, Head, ReadError, entry as dictionary, read_head, tag, tags,
};
use cordon_protocol::{Code, Finding};
use cordon_volumes::SliceGeometry;
use serde::{Deserialize, Serialize};

use crate::questions::frame_of_reference;
use crate::triage;

/// What one file is, as far as its head tells.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Patient's Name (0010,0010), decoded, all component groups.
    pub patient_name: String,
    /// Patient ID (0010,0020).
    pub patient_id: String,
    /// Patient's Birth Date (0010,0030), as written.
    pub birth_date: String,
    /// Patient's Sex (0010,0040).
    pub sex: String,
    /// Study Instance UID as it came.
    pub study_uid: String,
    /// Study Date (0008,0020), as written.
    pub study_date: String,
    /// Study Description (0008,1030).
    pub study_description: String,
    /// Accession Number (0008,0050).
    pub accession_number: String,
    /// Series Instance UID as it came.
    pub series_uid: String,
    /// Series Number (0020,0011).
    pub series_number: Option<i32>,
    /// Series Description (0008,103E).
    pub series_description: String,
    /// Modality (0008,0060).
    pub modality: String,
    /// Body Part Examined (0018,0015).
    pub body_part: String,
    /// SOP Instance UID as it came.
    pub instance_uid: String,
    /// SOP Class UID.
    pub sop_class: String,
    /// Instance Number (0020,0013).
    pub instance_number: Option<i32>,
    /// Transfer Syntax UID.
    pub transfer_syntax: String,
    /// Number of frames; 1 where nothing says otherwise; 0 without pixels.
    pub frames: u32,
    /// Rows.
    pub rows: u16,
    /// Columns.
    pub columns: u16,
    /// Frame of Reference UID (0020,0052) as it came, of structure sets that of their structures;
    /// empty where nothing says it, or not the same everywhere.
    pub frame_of_reference: String,
    /// Where the slice lies, for single-frame images that say so.
    pub geometry: Option<SliceGeometry>,
    /// What can be noticed from the head: what must be looked at, oddities.
    pub findings: Vec<Finding>,
}

/// What reading a file's head gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Inventory {
    /// A DICOM object.
    Object(Box<Entry>),
    /// The prefix was too short: at least this many bytes are needed.
    NeedMore(u64),
    /// Not DICOM.
    NotDicom,
    /// A DICOMDIR: understood, never sent.
    Directory,
    /// DICOM that cannot be read.
    Refused(Vec<Finding>),
}

/// Media Storage Directory Storage.
pub(crate) const DIRECTORY_CLASS: &str = "1.2.840.10008.1.3.10";

/// Reads one file's head. `prefix` is the start of the file, `file_len` its length in bytes;
/// 16 KiB are enough for most files.
#[must_use]
pub fn inventory(prefix: &[u8], file_len: u64) -> Inventory {
    match read_head(prefix, file_len) {
        Ok(head) => of_head(&head),
        Err(ReadError::NeedMore(n)) if (n as u64) <= file_len => Inventory::NeedMore(n as u64),
        Err(ReadError::Deflated) => inflated(prefix, file_len),
        Err(ReadError::NotDicom) => Inventory::NotDicom,
        Err(e) => Inventory::Refused(vec![e.finding()]),
    }
}

fn inflated(prefix: &[u8], file_len: u64) -> Inventory {
    if (prefix.len() as u64) < file_len {
        return Inventory::NeedMore(file_len);
    }
    let read = cordon_dicom::read_inflating(prefix);
    let head = read
        .as_deref()
        .map_err(Clone::clone)
        .and_then(|bytes| read_head(bytes, bytes.len() as u64).map(|h| of_head(&h)));
    head.unwrap_or_else(|e| Inventory::Refused(vec![e.finding()]))
}

fn of_head(head: &Head<'_>) -> Inventory {
    let data = &head.data;
    let class = data.ascii(tag(tags::SOP_CLASS_UID));
    let meta_class = head.meta.ascii(tag(tags::MEDIA_STORAGE_SOP_CLASS_UID));
    if meta_class == Some(DIRECTORY_CLASS)
        || class == Some(DIRECTORY_CLASS)
        || data.get(tag(tags::DIRECTORY_RECORD_SEQUENCE)).is_some()
    {
        return Inventory::Directory;
    }
    if class.is_none() {
        return Inventory::Refused(vec![Finding::at(
            Code::NoSopClass,
            tag(tags::SOP_CLASS_UID),
        )]);
    }
    let mut entry = describe(data);
    entry.transfer_syntax.clone_from(&head.syntax.uid);
    if head.pixels_at.is_none() {
        entry.frames = 0;
    }
    entry.findings = triage::triage(data);
    Inventory::Object(Box::new(entry))
}

fn describe(data: &DataSet<'_>) -> Entry {
    let set = data.character_set(&CharacterSet::default());
    let text = |t| {
        data.strings_in(t, &set)
            .into_iter()
            .find(|s| !s.is_empty())
            .unwrap_or_default()
    };
    let uid = |t| data.ascii(tag(t)).unwrap_or_default().to_owned();
    Entry {
        patient_name: text(tag(tags::PATIENT_NAME)),
        patient_id: text(tag(tags::PATIENT_ID)),
        birth_date: text(tag(tags::PATIENT_BIRTH_DATE)),
        sex: text(tag(tags::PATIENT_SEX)),
        study_uid: uid(tags::STUDY_INSTANCE_UID),
        study_date: text(tag(tags::STUDY_DATE)),
        study_description: text(tag(tags::STUDY_DESCRIPTION)),
        accession_number: text(tag(tags::ACCESSION_NUMBER)),
        series_uid: uid(tags::SERIES_INSTANCE_UID),
        series_number: data.i32(tag(tags::SERIES_NUMBER)),
        series_description: text(tag(tags::SERIES_DESCRIPTION)),
        modality: text(tag(tags::MODALITY)),
        body_part: text(tag(tags::BODY_PART_EXAMINED)),
        instance_uid: uid(tags::SOP_INSTANCE_UID),
        sop_class: uid(tags::SOP_CLASS_UID),
        instance_number: data.i32(tag(tags::INSTANCE_NUMBER)),
        transfer_syntax: String::new(),
        frames: data
            .i32(tag(tags::NUMBER_OF_FRAMES))
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or(1),
        rows: data.u16(tag(tags::ROWS)).unwrap_or(0),
        columns: data.u16(tag(tags::COLUMNS)).unwrap_or(0),
        frame_of_reference: frame_of_reference(data).unwrap_or_default(),
        geometry: Some(SliceGeometry::of(data)).filter(|g| g.rows > 0),
        findings: Vec::new(),
    }
}

/// The name of an attribute for people; the tag itself where PS3.6 has none.
#[must_use]
pub fn attribute_name(tag: cordon_protocol::Tag) -> String {
    if tag.is_private_creator() {
        return "Private Creator".to_owned();
    }
    if tag.is_private() {
        return "Private attribute".to_owned();
    }
    if dictionary(tag).is_none() {
        return "Unknown attribute".to_owned();
    }
    cordon_dicom::name(tag).unwrap_or_else(|| tag.to_string())
}
