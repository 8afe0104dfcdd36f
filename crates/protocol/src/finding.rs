//! Findings and verdicts: what a check noticed, and what follows from it.
//!
//! Every finding has a stable code, so that a protocol, a report and a test can
//! name it. Its sentence says what it means and what to do, and never holds a
//! value of the file.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::TagPath;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; changes nothing.
    Note,
    /// A person must look before it may leave.
    Held,
    /// It cannot be made clean and stays.
    Refused,
}

/// What may happen to an instance. No verdict, no exit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Clean by all checks.
    Clean,
    /// The header is clean; a person must look at the rest.
    Held,
    /// Cannot be made clean.
    Refused,
}

impl Verdict {
    /// The verdict that a set of findings leads to.
    pub fn of<'a>(findings: impl IntoIterator<Item = &'a Finding>) -> Self {
        match findings.into_iter().map(Finding::severity).max() {
            None | Some(Severity::Note) => Self::Clean,
            Some(Severity::Held) => Self::Held,
            Some(Severity::Refused) => Self::Refused,
        }
    }

    /// The word on the screen.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Clean => "Clean",
            Self::Held => "Held",
            Self::Refused => "Refused",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Where a finding is, inside one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The attribute, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<TagPath>,
    /// Byte offset in the input, where the file breaks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// Zero-based frame, for what is in the pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u32>,
}

/// One thing that a check noticed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub code: Code,
    /// Where.
    #[serde(default)]
    pub place: Place,
}

impl Finding {
    /// A finding about the instance as a whole.
    #[must_use]
    pub const fn new(code: Code) -> Self {
        Self {
            code,
            place: Place {
                tag: None,
                offset: None,
                frame: None,
            },
        }
    }
    /// A finding at an attribute.
    #[must_use]
    pub fn at(code: Code, tag: impl Into<TagPath>) -> Self {
        let mut finding = Self::new(code);
        finding.place.tag = Some(tag.into());
        finding
    }
    /// The same finding with the byte offset at which it was noticed.
    #[must_use]
    pub const fn with_offset(mut self, offset: u64) -> Self {
        self.place.offset = Some(offset);
        self
    }
    /// How much it weighs.
    #[must_use]
    pub const fn severity(&self) -> Severity {
        self.code.severity()
    }
    /// A readable sentence with the place, without any value of the file.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut text = String::new();
        if let Some(tag) = &self.place.tag {
            text.push_str(&tag.to_string());
            text.push_str(": ");
        }
        text.push_str(self.code.sentence());
        if let Some(offset) = self.place.offset {
            text.push_str(&format!(" (byte {offset})"));
        }
        text
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $severity:ident, $sentence:literal;)*) => {
        /// Stable codes of everything that a check can notice.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $code)] #[doc = $sentence] $name,)*
        }
        impl Code {
            /// Every code there is.
            pub const ALL: &[Code] = &[$(Code::$name,)*];
            /// The code as it stands in reports.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }
            /// How much a finding with this code weighs.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self { $(Code::$name => Severity::$severity,)* }
            }
            /// What it means and what to do, for people.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Code::$name => $sentence,)* }
            }
        }
    };
}

codes! {
    // Reading
    NotDicom = "not-dicom", Refused, "this file is not DICOM and stays where it is";
    EmptyFile = "empty-file", Refused, "this file is empty: it has no bytes at all";
    Directory = "dicomdir", Refused, "a DICOMDIR lists patients and is never sent; the images it points to are read from the folder";
    NoPreamble = "no-preamble", Note, "the file has no DICOM preamble; it was read from its first byte and gets a correct preamble";
    NoFileMeta = "no-file-meta", Note, "the file has no File Meta Information; its encoding was recognised from the data set and the output gets correct File Meta Information";
    NoTransferSyntax = "no-transfer-syntax", Note, "the File Meta Information does not name a transfer syntax; the encoding was recognised from the data set";
    SyntaxMismatch = "transfer-syntax-mismatch", Refused, "the pixel data are not encoded as the transfer syntax says, so nobody can check them";
    UnknownSyntax = "unknown-transfer-syntax", Refused, "the transfer syntax is not one of DICOM's, so the file cannot be read with certainty";
    Truncated = "truncated", Refused, "the file ends in the middle of this attribute; copy it again from the source";
    BadStructure = "bad-structure", Refused, "the data set cannot be read past this place: what follows is not an attribute";
    TooDeep = "too-deep", Refused, "sequences are nested deeper than any real object, which is a sign of damage or attack";
    TooMany = "too-many-attributes", Refused, "there are more attributes than any real object has";
    TooLarge = "too-large", Refused, "the file is larger than this computer can hold in memory; use the cordon command on a larger one";
    BadDeflate = "bad-deflate", Refused, "the deflated data set cannot be unpacked";
    OutOfOrder = "out-of-order", Note, "attributes were not in ascending order and are put in order";
    Repeated = "repeated-attribute", Note, "the attribute stands twice in one data set; only the first is kept";
    Trailing = "trailing-bytes", Note, "bytes after the end of the data set are dropped";
    UnreadableFile = "unreadable", Refused, "the file could not be read from the disk";
    Internal = "internal", Refused, "Cordon failed on this file; nothing of it was written. Please report the file's kind and this code";
    // Identity of the object
    NoSopClass = "no-sop-class", Refused, "without a SOP Class UID nobody can say what this object is";
    PrivateSopClass = "private-sop-class", Refused, "PS3.15 does not say how to de-identify a private SOP class";
    UnknownSopClass = "unknown-sop-class", Held, "this SOP class is not known to this edition; check that nothing identifying is in it";
    NoInstanceUid = "no-sop-instance-uid", Refused, "without a SOP Instance UID the object cannot be told from others";
    NoStudyUid = "no-study-instance-uid", Refused, "without a Study Instance UID the object belongs to no study";
    NoSeriesUid = "no-series-instance-uid", Refused, "without a Series Instance UID the object belongs to no series";
    BadUid = "bad-uid", Note, "the UID breaks the rules of PS3.5; its replacement does not";
    NoPatientId = "no-patient-id", Held, "without a Patient ID the pseudonym had to be made from name and birth date or from the study; check that studies of one person stay together";
    MetaMismatch = "file-meta-mismatch", Note, "the File Meta Information names another SOP instance or class than the data set; it is rebuilt";
    Duplicate = "duplicate-instance", Refused, "another file has the same SOP Instance UID but different content, and only one of them can be sent";
    Copy = "copy", Refused, "another file is byte for byte the same; it is sent once";
    ModalityNotAccepted = "modality-not-accepted", Refused, "the project's protocol does not take this modality";
    RequiredMissing = "required-missing", Held, "the project asks for a value here, and the object that would leave has none";
    RequiredAbsent = "required-absent", Refused, "the project does not take objects without a value here";
    SeriesTooShort = "series-too-short", Held, "the project asks for more slices in a series than leave of this one";
    StudyLacksModality = "study-lacks-modality", Held, "the project asks for a modality in every study that this study does not bring";
    BodyPartNotAsked = "body-part-not-asked", Held, "the project asks for other body parts, or the object does not say which one it shows";
    UnknownCharset = "unknown-character-set", Held, "the Specific Character Set is not one of DICOM's, so names in it cannot be searched for with certainty";
    // Pixels, until the pixel checks exist
    SecondaryCapture = "secondary-capture", Held, "a secondary capture may show a screen with names on it; look at the picture";
    Ultrasound = "ultrasound", Held, "ultrasound images usually carry the name in the picture; look at the picture";
    BurnedInYes = "burned-in-annotation", Held, "Burned In Annotation says YES: look at the picture";
    BurnedInUnstated = "burned-in-unstated", Held, "nothing says whether this kind of image has burned-in text; look at the picture";
    VisualFeaturesYes = "recognizable-visual-features", Held, "Recognizable Visual Features says YES: look at the picture";
    Overlay = "overlay", Held, "an overlay is part of the pixel data and may hold text; look at the picture";
    Head = "head", Held, "this may show a face, from which a person can be recognised";
    HeadUnknown = "head-not-excluded", Held, "nothing in the header says which body part this is, so a face cannot be excluded; look at the picture";
    Photograph = "photograph", Held, "a photograph or video may show a person; look at it";
    EncapsulatedDocument = "encapsulated-document", Held, "an encapsulated document usually names the patient and cannot be cleaned yet";
    SlideLabel = "slide-label", Held, "a slide's label or overview image usually shows the patient's name or number";
    Scanned = "derived-picture", Held, "the image was derived or captured rather than acquired and may have text in it; look at the picture";
    TextInPixels = "text-in-pixels", Held, "there seems to be text in the picture; look at the boxes, and have it blacked out";
    FreeText = "free-text-object", Held, "this kind of object holds free text or graphics that cannot be judged by rule; read it";
    Rendering = "rendering", Held, "Image Type says that this is a three-dimensional rendering, in which a face may be recognised; look at the picture";
    UnjudgedPixels = "unjudged-pixels", Held, "there are pixel data where this kind of object has none, or where no rule says what they may show; look at the picture";
    Surface = "surface", Held, "a surface of points or triangles may be that of a face, from which a person can be recognised; look at it";
    Sound = "sound", Held, "a recording may hold a voice, from which a person can be recognised, or words that name somebody; listen to it";
    // Text in the picture, answered
    TextNone = "text-none", Note, "the picture was searched for text, and there is none";
    TextRemoved = "text-removed", Note, "text in the picture was blacked out, and a second look found none";
    TextKept = "text-kept", Note, "text in the picture says nothing about a person as far as it was read (a side marker, a ruler, a window), and stays because the project keeps it";
    TextLeft = "text-left", Held, "text may still stand in the picture: not all that was found could be blacked out, or a second look found more; look at the picture";
    TextNotLooked = "text-not-looked", Held, "the project asks for a look for text in every picture, and nobody has looked at this one";
    // The face, answered
    FaceNone = "no-face", Note, "the volume was searched for a face, and there is none";
    FaceRemoved = "face-removed", Note, "the face was taken off, and the verifier sees none any more";
    FaceEarlier = "face-removed-earlier", Note, "the head came without a face, and the verifier sees none";
    FaceJudged = "face-judged", Note, "a person looked at the turning head, as it came and as it leaves, and says that no face can be recognised";
    FaceUnsure = "face-unsure", Held, "the verifier cannot tell whether a face can still be recognised; look at the turning head";
    FacePresent = "face-present", Held, "a face can still be recognised; look at the turning head";
    FaceNotPlaced = "face-not-placed", Held, "the face was taken off this study, but nothing says where this image lies, so it could not be cut with the others; look at the picture";
    BrainChanged = "brain-changed", Held, "taking off the face changed voxels of the brain, so the volume may be of no use; look at it";
    TracesFace = "traces-face", Held, "contours, dose or maps of this object may follow the skin of a face, and were not cut with it, or nobody has judged the cut";
    ContoursCut = "contours-cut", Note, "points of contours that lay inside of what is taken off a head in the same frame of reference were taken out; volumes that the object states for its structures are those before the cut";
    PixelsNotChanged = "pixels-not-changed", Refused, "text or a face was to be taken out of the pixels, and these pixel data cannot be changed; nothing of them leaves";
    PixelsUndecodable = "pixels-undecodable", Held, "the pixel data cannot be decoded, so nobody has seen what they show";
    PixelsHidden = "pixels-hidden-bits", Held, "bits of the pixel data that belong to no sample are in use and may hold a hidden overlay, so pixels cannot be changed without losing or passing on what is there";
    CodestreamDiffers = "codestream-differs", Note, "the compressed image says otherwise than the header whether its values are signed; it is read by the header";
    PixelsShort = "pixels-short", Refused, "there are fewer pixel data than rows, columns and frames promise";
    PixelsMore = "pixels-more", Held, "the pixel data hold more compressed images than there are frames, and nobody has seen what they show";
    PixelsTrimmed = "pixels-trimmed", Note, "bytes of the pixel data that belong to no frame (comments and metadata of the compressed image, what follows the last frame) were blanked or cut off; the pixels are as they came";
    PixelsAbsurd = "pixels-absurd", Refused, "rows, columns and frames promise an impossible amount of pixel data";
    // The check of the result
    ResidueParse = "check-not-readable", Refused, "the cleaned object could not be read again; nothing of it leaves";
    ResidueTable = "check-table", Refused, "the cleaned object still holds an attribute that the profile takes out";
    ResiduePrivate = "check-private", Refused, "the cleaned object still holds a private attribute";
    ResidueUid = "check-uid", Refused, "the cleaned object still holds a UID of the original";
    ResidueDate = "check-date", Refused, "the cleaned object still holds a date";
    ResidueName = "check-person-name", Refused, "the cleaned object still holds a person's name";
    ResidueMeta = "check-file-meta", Refused, "the File Meta Information of the cleaned object is not what Cordon writes";
    ResidueStamp = "check-stamp", Refused, "the cleaned object does not say how it was de-identified, or says what was not done";
    NotReleased = "not-released", Held, "Patient Identity Removed says NO: no person has released this object yet";
    ResidueIdentifier = "check-identifier", Refused, "one of the person's own identifiers still stands in the cleaned object";
    ResidueInPixels = "check-identifier-in-pixels", Held, "bytes equal to one of the person's identifiers stand in the pixel data; it may be chance";
    ResiduePixelData = "check-pixel-data", Refused, "the pixel data of the cleaned object still hold bytes that belong to no frame: a comment, metadata, or what follows the last frame";
    ResidueWord = "check-word", Held, "a word or number from the person's names, numbers or clinic also stands in this attribute; it may be chance";
    UncertainWords = "uncertain-words", Held, "a word of the text may name somebody, or a number may point to somebody; read it, and keep or remove the word";
    ResidueText = "check-text", Refused, "a text of the cleaned object still holds a name, a number, an address or a date that can be recognised";
    // Clinical tables
    TableRagged = "table-ragged-rows", Held, "rows with more or fewer cells than the header are left out, because their cells may stand under the wrong name";
    TableQuote = "table-stray-quote", Note, "a quotation mark stands inside a cell that is not quoted; the cell is read as it stands";
    TableNoHeader = "table-no-header", Held, "the first row looks like data and not like names of columns; such names do not leave";
    TableSameName = "table-same-name", Note, "several columns have the same name; the mapping tells them apart by their order";
    TableSheets = "table-other-sheets", Note, "the workbook has further sheets, which are not read";
    TableHiddenSheet = "table-hidden-sheet", Note, "the workbook has hidden sheets, which are dropped";
    TableHiddenColumn = "table-hidden-column", Note, "hidden columns are dropped";
    TableHiddenRow = "table-hidden-row", Note, "hidden rows are dropped";
    TableComments = "table-comments", Note, "comments and notes of the workbook are dropped";
    TableFormula = "table-formula-without-value", Held, "a formula has no stored value, so its cell is empty; open and save the workbook once to fill it";
    TableErrorCell = "table-error-cell", Note, "the cell holds a spreadsheet's error and is emptied";
    TableCellTooLong = "table-cell-too-long", Held, "the cell is longer than any spreadsheet allows and is emptied";
    TableNotMapped = "table-column-not-mapped", Note, "the mapping does not speak of this column, so it is dropped";
    TableColumnMissing = "table-column-missing", Held, "the mapping speaks of a column that the table does not have";
    TableNoSubject = "table-no-identifier", Held, "a row without a patient identifier gets no pseudonym, and its dates are emptied";
    TableRounded = "table-identifier-rounded", Held, "the identifier was turned into a rounded number by a spreadsheet and is lost; format the column as text and export again";
    TableNumericId = "table-identifier-number", Note, "identifiers are stored as numbers and may have lost leading zeros; check that they equal the Patient ID of the images";
    TableShortId = "table-identifier-short", Note, "identifiers this short cannot be searched for in other cells: chance would find them everywhere";
    TableDateUnread = "table-date-unread", Held, "the cell is no whole date that can be moved, so it is emptied";
    TableDateAmbiguous = "table-date-ambiguous", Held, "day and month cannot be told apart, so the cell is emptied; say in the mapping which comes first";
    TableDateKept = "table-date-kept", Held, "a date stands in a column whose dates are not moved, so the cell is emptied; map the column as a date";
    TableContact = "table-contact", Held, "an e-mail address, a web address or a telephone number stood in the cell, which is emptied";
    TableUnread = "table-value-unread", Held, "the value does not fit the column's rule, so the cell is emptied";
    TableCapped = "table-age-capped", Note, "ages over 89 years are written as 90";
    TableNotListed = "table-not-listed", Note, "the value is not on the column's list, so the cell is emptied";
    TableFreeText = "table-free-text", Held, "free text cannot be cleaned here, so the cell is emptied";
    TableDoubt = "table-doubtful-words", Held, "words of the text may identify somebody; they are taken out until a person accepts them";
    TableFound = "table-identifier-found", Held, "an identifier from this table stood in a cell where none belongs; the cell is emptied";
    TableGuard = "table-formula-guard", Note, "a text that a spreadsheet would run as a formula got an apostrophe in front";
    TableNoQuasi = "table-risk-not-assessed", Held, "nobody has said which columns together could point to a person, so the risk is not assessed";
    TableSmallClass = "table-small-class", Held, "fewer people than the mapping asks for share the same combination of values";
    TableDiversity = "table-low-diversity", Held, "people who share a combination of values also share the sensitive value, or nearly so";
    TableLeftOut = "table-rows-left-out", Note, "rows whose combination of values is too rare are left out, as the mapping asks";
    // Quality of a series: is it whole, and does it agree with itself
    SeriesMissing = "series-missing-slices", Held, "slices are missing: the step between neighbours is more than one and a half times the usual one; export the series again";
    SeriesNumbers = "series-number-gaps", Note, "instance numbers leave gaps although no place is empty; other images of the series may have stayed behind";
    SeriesDuplicates = "series-duplicate-slices", Held, "several slices lie at the same place and nothing in the header tells them apart";
    SeriesRepeatedPixels = "series-repeated-pixels", Held, "slices at different places show exactly the same picture, which no scanner makes";
    SeriesIrregular = "series-irregular-spacing", Held, "slices are not evenly spaced, so they make no volume as they are";
    SeriesMixedThickness = "series-mixed-thickness", Held, "slices of different thickness stand in one series";
    SeriesMixedOrientation = "series-mixed-orientation", Held, "slices of different orientation stand in one series; localizers may have been filed with it";
    SeriesMixedSpacing = "series-mixed-spacing", Held, "slices of different pixel spacing stand in one series";
    SeriesMixedMatrix = "series-mixed-matrix", Held, "slices with different numbers of rows or columns stand in one series";
    SeriesMixedKernel = "series-mixed-kernel", Held, "slices reconstructed with different kernels stand in one series";
    SeriesMixedFrame = "series-mixed-frame-of-reference", Held, "slices of one series have different frames of reference, so their places cannot be compared";
    SeriesMixedModality = "series-mixed-modality", Held, "one series holds images of more than one modality";
    SeriesMixedType = "series-mixed-image-type", Note, "one series holds images of different type, which are looked at apart";
    SeriesMixedPatientPosition = "series-mixed-patient-position", Held, "the patient's position changes within one series";
    SeriesWrongCount = "series-wrong-count", Held, "the header promises another number of images than there are";
    SeriesTooFew = "series-too-few-slices", Held, "the series has fewer slices than the project asks for";
    SeriesSingle = "series-single-slice", Note, "the series is a single slice and makes no volume";
    SeriesNoGeometry = "series-no-geometry", Held, "position, orientation or spacing is absent or impossible in some slices, so nobody can say where they lie";
    SeriesTilt = "series-gantry-tilt", Note, "the stack leans: slices are not stacked along their normal, so a volume needs shearing";
    SeriesTiltContradiction = "series-tilt-contradiction", Held, "the gantry tilt in the header and the positions of the slices contradict each other";
    SeriesThick = "series-thick-slices", Note, "slices are thicker than five millimetres or than the project's limit";
    SeriesUncovered = "series-gap-between-slices", Note, "slices are thinner than their distance, so parts between them were never imaged";
    SeriesOverlap = "series-overlapping-slices", Note, "slices overlap by more than half of their thickness";
    SeriesSpacingContradiction = "series-spacing-contradiction", Note, "Spacing Between Slices in the header is not the distance between the slices";
    SeriesOrderContradiction = "series-order-contradiction", Note, "instance numbers do not follow the places of the slices";
    SeriesTemporal = "series-temporal-incomplete", Held, "a time point, echo, phase or b-value has fewer slices than the others, or one is absent";
    SeriesLocalizer = "series-localizer", Note, "the series holds localizers, which are for planning and no images for analysis";
    SeriesDerived = "series-derived", Note, "the images were derived from others and not acquired";
    SeriesSecondary = "series-secondary", Note, "the images are secondary captures or say so in Image Type";
    SeriesScreen = "series-screen-picture", Held, "Image Type says that this is a picture of a screen, a dose report or a patient sheet";
    SeriesBurnedIn = "series-burned-in-stated", Note, "Burned In Annotation says YES; what it says is advice, the text check decides";
    SeriesOrientationContradiction = "series-orientation-contradiction", Held, "Patient Orientation and Image Orientation contradict each other";
    SeriesLateralityContradiction = "series-laterality-contradiction", Held, "left and right contradict each other within the series";
    SeriesBadRescale = "series-bad-rescale", Held, "the rescale slope or intercept is no usable number, so values have no unit";
    SeriesWrongRescale = "series-wrong-rescale", Held, "values are not in Hounsfield units as CT promises: air is not where it belongs";
    SeriesMixedRescale = "series-mixed-rescale", Note, "the rescale changes from slice to slice";
    SeriesUnmeasured = "series-not-measured", Note, "no image of the series can be measured: no grey images, or none that can be decoded";
    // Quality of the images
    ImageEmpty = "image-empty", Refused, "every pixel of every image has the same value: there is nothing to see";
    ImageBlank = "image-blank-slices", Held, "some slices are blank: all their pixels have the same value";
    ImageNotFinite = "image-not-finite", Held, "some pixels are not a number or infinite";
    ImagePadding = "image-mostly-padding", Note, "most of the image area is padding";
    ImageClipped = "image-clipped", Held, "many pixels sit at the largest value there is: bright parts were cut off";
    ImageCutOff = "image-cut-off", Note, "the body reaches the edge of the field of view, so anatomy may be cut off";
    ImageMetricLow = "image-metric-low", Held, "an image metric is below the project's limit";
    ImageMetricHigh = "image-metric-high", Held, "an image metric is above the project's limit";
    ImageMetricAbsent = "image-metric-not-measured", Held, "the project limits an image metric that cannot be measured on this series";
    ImageMotion = "image-motion", Note, "the learned screen takes this for motion artefacts; look at the picture";
    ImageNoise = "image-noise", Note, "the learned screen takes this image for noisier than usual; look at the picture";
    ImageBlur = "image-blur", Note, "the learned screen takes this image for blurred; look at the picture";
    ImageGhosting = "image-ghosting", Note, "the learned screen takes this for ghosts along one axis; look at the picture";
    ImageWrap = "image-wrap", Note, "the learned screen takes this for anatomy that wraps around the field of view; look at the picture";
    ImageBias = "image-bias", Note, "the learned screen takes this for uneven brightness; look at the picture";
    ImageMetal = "image-metal", Note, "the learned screen takes this for artefacts of metal; look at the picture";
    ImageSaturated = "image-saturated", Note, "the learned screen takes this for clipped brightness; look at the picture";
    ImageSlicesLost = "image-slices-lost", Note, "the learned screen takes neighbouring slices for too different: slices may be missing; look at the picture";
    ImageSlicesSwapped = "image-slices-swapped", Note, "the learned screen takes slices to be in the wrong order; look at the picture";
    // Duplicates across a contribution
    SeriesSameContent = "series-same-content", Held, "another series of this contribution has exactly the same pixels";
    SeriesSharedImages = "series-shared-images", Held, "images of this series are also part of another series of this contribution";
    SeriesNearlySame = "series-nearly-same-content", Note, "another series of this contribution shows nearly the same volume";
}

impl Code {
    /// Whether the code speaks of quality and not of identity: a protocol may say what follows
    /// from it, in either direction.
    #[must_use]
    pub fn is_quality(self) -> bool {
        let code = self.as_str();
        code.starts_with("series-") || code.starts_with("image-")
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tag;

    #[test]
    fn codes_are_distinct_and_say_something() {
        let mut seen = std::collections::BTreeSet::new();
        for code in Code::ALL {
            assert!(seen.insert(code.as_str()), "{code} stands twice");
            assert!(code.sentence().len() > 20, "{code} says too little");
        }
    }

    #[test]
    fn the_worst_finding_decides() {
        assert_eq!(Verdict::of([]), Verdict::Clean);
        let note = Finding::new(Code::NoPreamble);
        let held = Finding::new(Code::Head);
        let refused = Finding::at(Code::Truncated, Tag(0x7FE0_0010)).with_offset(7);
        assert_eq!(Verdict::of([&note]), Verdict::Clean);
        assert_eq!(Verdict::of([&note, &held]), Verdict::Held);
        assert_eq!(Verdict::of([&refused, &held]), Verdict::Refused);
        assert!(refused.sentence().starts_with("(7FE0,0010): "));
        assert!(refused.sentence().ends_with("(byte 7)"));
    }
}
