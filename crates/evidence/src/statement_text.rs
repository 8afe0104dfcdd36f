//! The prose of the conformance statement; the tables come from what runs.

pub(crate) const HEAD: &str = "# Conformance statement: de-identification

Written by `cordon_evidence::conformance_statement` from the tables that run. Do not edit:
`UPDATE=1 cargo test -p cordon-evidence` writes it anew.

The form follows PS3.2; the claims are about PS3.15 Annex E, Attribute Confidentiality Profiles.
";

pub(crate) const ROLE: &str = "## What is claimed

Cordon acts as a de-identifier of DICOM composite objects in files. It claims the Basic
Application Confidentiality Profile for every object that leaves with the code 113100 in
(0012,0064), and each option for the objects that carry the option's code. The two options on
pixels, 113101 and 113102, are not chosen: they are carried out where the header leaves open what
the picture shows, and claimed for the objects in which that was proven. A protocol may ask for single attributes otherwise (below); where that lets something stay which the profile takes
out, 113100 is left out. An option that this version cannot carry out is refused when the
protocol is read; it is never stamped.

Cordon is no re-identifier: encrypted original attributes (0400,0500) are not made, and those
of others are removed as the table says.
";

pub(crate) const RESOLVE: &str = "## How several actions are resolved

Where the table gives a choice (Z/D, X/Z, X/D, X/Z/D, X/Z/U*), the type of the attribute in the
object's information object definition decides: Type 3 is removed, Type 2 emptied, Type 1
replaced by a dummy; a conditional attribute that is present counts as required. Where the class
of the object is not known, the strictest reading that leaves a valid object holds. An X on an
attribute that the object needs is carried out as Z or D, which takes out the same value.

K keeps a value byte for byte; the items of a kept sequence still meet the profile. U replaces a
UID by `2.25.` and a UUID of version 8 that derives from it under the site key (HMAC-SHA-256).
Patient's Name and Patient ID take the pseudonym, derived the same way. D takes a fixed dummy of
the VR.
";

pub(crate) const SWEEP: &str = "## Attributes outside the table

| what | action |
|---|---|
| VR PN | emptied, or a dummy where a value must be |
| VR DA, DT | emptied, or a dummy; with the longitudinal options kept or moved |
| VR UI that is neither a class nor another registered UID | replaced as with U; kept with Retain UIDs where it has the form of a UID |
| VR UR | removed, or a dummy |
| VR CS with a date or six digits in a row in it | REMOVED in the place of that value |
| not in the data dictionary of PS3.6 | removed |
| a value that does not fit its VR, or text behind a NUL | removed or emptied |
| a value that repeats one of the person's own identifiers | emptied, or a dummy |
| private attributes | removed, but for the list below |
| groups 0000, 0002, 0004, FFFC, 50xx, 60xx, group lengths, a second attribute with the same tag | removed; File Meta Information is rebuilt |
| LO, SH, ST, LT, UT and UC that stay | cleaned as text, below |
| all other standard attributes | kept |
";

pub(crate) const TEXTS: &str = "## Text, structured content and graphics

C on a text, and every text outside the table that stays, is read by the text cleaner: with the
names (PN at any depth), numbers, addresses, places and telephones that the object's own header
holds and the profile takes out, the forms of dates, telephones, mail and web addresses, record
numbers, streets and institutions, the words that names follow, and a clinical vocabulary. What
is certain is replaced by a neutral word (PERSON, IDENT, DATE, PHONE, EMAIL, URL, ADDRESS,
POSTCODE, SITE); dates in a text move with the patient, stay, or go, as the date options say. A
text from which nothing goes stays byte for byte; the number of values, the limits of the VR and
the Specific Character Set hold for one from which something does. A text that cannot be decoded
or written is taken out.

A word that may name somebody, and a number that may point to somebody, holds the object
(`uncertain-words`) until a person has accepted or rejected it; words and decisions do not leave.
Of what machines and public vocabularies write (manufacturer, model, versions, kernels,
sequences and coils, meanings of public codes, private attributes listed as safe) only the
people, numbers and telephones of the header are taken out or doubted. Code values
and coding schemes are not read as text.

Clean Structured Content keeps content trees and judges each content item by its concept name
and value type (PS3.15 Table E.3.4-1) under the options in force: it stays under the profile, it
stays without its value, or it goes with all below it; where other items refer to items by their
position, none goes and the value goes instead. X/D is carried out as D. A concept that the table
does not list stays under the profile; its text is cleaned with Clean Descriptors and replaced by
a dummy without.

Clean Graphics keeps graphic annotations with their shapes; their texts are cleaned with Clean
Descriptors and dummies without. Overlays and curves, with their comments and labels, are removed
whatever the options: no stage can tell yet whether their pixels show text, and an object that
came with an overlay is Held.
";

pub(crate) const PRIVATE: &str = "## Private attributes

With Retain Safe Private, those of PS3.15 Table E.3.10-1 stay, known by creator, group and low
byte of the element whatever their block, at any depth, and those that the object itself
declares safe in (0008,0300). They still meet the sweep by VR: names go, dates meet the date
options, UIDs are replaced, texts are cleaned.
";

pub(crate) const DATES: &str = "## Dates and ages

Full dates are kept as they are. Modified dates move by one number of whole days for each
patient, between 31 and 3,650 days into the past, derived from the patient's identity under the
site key; times of day stay, intervals are exact. A date that cannot be read as a whole date is
taken out. Ages over 89 years become 090Y where ages stay.
";

pub(crate) const OVERRIDES: &str = "## What a protocol may ask for single attributes

keep, remove, empty, constant, hash (keyed), shift, map, clean-regex. No protocol can make stay:
Patient's Name and Patient ID, any other person's name, birth date, numbers, addresses and
telephones of persons, orders and admissions, content trees and encapsulated documents. Dates,
times and UIDs stay by their options only. No protocol can touch what the object is made of:
SOP class and instance, study, series, frame of reference, pixel data and their description,
and the attributes below.
";

pub(crate) const STAMPS: &str = "## What is written into the object

| attribute | value |
|---|---|
| (0012,0062) Patient Identity Removed | YES; NO while an object is held and no person has released it |
| (0012,0063) De-identification Method | version of Cordon, edition, protocol and its version; what stood there goes, because anybody may have written it |
| (0012,0064) De-identification Method Code Sequence | codes of CID 7050 of profile and options that ran; appended |
| (0012,0064): 113101 Clean Pixel Data Option | when the picture was searched for text and none was there, or what was there was blacked out and a second look found none |
| (0012,0064): 113102 Clean Recognizable Visual Features Option | when a face was taken off the volume and the verifier found none any more |
| (0028,0301) Burned In Annotation | NO, together with 113101; otherwise as it came |
| (0028,0302) Recognizable Visual Features | NO, together with 113102 and where a face was looked for and there was none; a NO that nobody has proven is taken back where a head cannot be excluded |
| (0028,0303) Longitudinal Temporal Information Modified | REMOVED, UNMODIFIED or MODIFIED, as it was |
| (0008,0008) Image Type, (0008,9007) Frame Type | DERIVED as the first value when a sample changed |

Where samples changed, compressed pixel data leave as Explicit VR Little Endian, and (0028,0106) to
(0028,0109) and the extended offset tables go, because they would no longer hold. Photometric
Interpretation, Planar Configuration, Bits Stored and High Bit say what the samples now are; Lossy
Image Compression and its ratio and method stay, because they are history. Native pixel data keep
their transfer syntax, and every sample outside of a box or a cut keeps its bits. Bits outside of
Bits Stored that are in use, as by an old overlay, are neither lost nor passed on: the object is
Refused where samples would have to change, and Held otherwise.

Compressed pixel data that stay keep every byte that a decoder needs. Comments, application segments (but
for those of colour), what stands between segments, and what follows an image are blanked in place; a Basic
Offset Table that is none is emptied; more images than frames, a codestream that cannot be followed, and
video are Held. Native pixel data end after the last frame.

An earlier tool's code 113101 or 113102 is not passed on when (0028,0301) or (0028,0302) of the same
object contradicts it; the check refuses an object in which they do.
";

pub(crate) const CHECK: &str = "## The check of the result

Each object is read again from its bytes and held against the same tables by code that shares
nothing else with the rewriter: every attribute, the File Meta Information, the stamps, and the
person's own identifiers in every encoding anywhere in the bytes. The server does the same
without the identifiers. What does not pass is Refused and does not leave. These findings exist:
";
