//! The words of the protocol desk.

use cordon_protocol::{AttributeAction, DeidOption, Protocol, PseudonymForm, Weight};

pub(crate) const DESK: &str = "Protocol";
pub(crate) const OPEN_DESK: &str = "Look at the protocol, try a variant";
pub(crate) const OPEN_SHORT: &str = "Protocol";
pub(crate) const READING: &str = "The project's protocol";
pub(crate) const BACK: &str = "Back to";
pub(crate) const BEGIN: &str = "Make a variant";
pub(crate) const BEGIN_SUB: &str = "Change a copy, see at once what it does to the image that is selected, and save it as a file for the project's data manager.";
pub(crate) const END: &str = "Put the variant away";
pub(crate) const END_SURE: &str = "Put away: the changes are lost";
pub(crate) const UNDO: &str = "Undo";
pub(crate) const REDO: &str = "Redo";
pub(crate) const OPEN: &str = "Open a file";
pub(crate) const OPEN_TITLE: &str = "A protocol in TOML, or a DicomAnonymizer script of RSNA CTP";
pub(crate) const SAVE: &str = "Save as TOML";
pub(crate) const START: &str = "Start from";
pub(crate) const START_PROJECT: &str = "The project's protocol";
pub(crate) const FILE_NAME: &str = "protocol.toml";
pub(crate) const TOML: &str = "text/plain;charset=utf-8";
pub(crate) const TABS: [&str; 3] = ["Change", "In words", "File"];
pub(crate) const NOT_TAKEN: &str = "Not taken";
pub(crate) const WAITING: &str = "The server has not said yet what the project asks for.";

pub(crate) const NAME: &str = "Name";
pub(crate) const TITLE: &str = "Title";
pub(crate) const ID: &str = "Short name";
pub(crate) const VERSION: &str = "Version";
pub(crate) const PURPOSE: &str = "What it is for";

pub(crate) const BASIC: &str = "The Basic Profile always applies: names, numbers, addresses, dates, UIDs and private attributes are removed or replaced. Options let something stay or clean something more.";
pub(crate) const STAYS: &str = "What may stay";
pub(crate) const DATES: &str = "Dates";
pub(crate) const CLEANED: &str = "What is cleaned";
pub(crate) const NOT_SUPPORTED: &str =
    "This version of Cordon cannot do it, so no protocol may ask for it.";
pub(crate) const NOT_YET: &str = "Not in this version";

pub(crate) const PSEUDONYM: &str = "Pseudonym";
pub(crate) const PREFIX: &str = "In front of it";
pub(crate) const FORM: &str = "Form";
pub(crate) const FORMS: [&str; 2] = ["Letters and digits", "Digits only"];
pub(crate) const LOOKS_LIKE: &str = "It will look like";

pub(crate) const ATTRIBUTES: &str = "Single attributes";
pub(crate) const ATTRIBUTES_SUB: &str =
    "What is asked here stands above the options. What names a person can never be kept.";
pub(crate) const NO_ATTRIBUTES: &str = "None: profile and options decide about every attribute.";
pub(crate) const ADD_ATTRIBUTE: &str = "Add an attribute";
pub(crate) const FIND: &str = "Tag, keyword or name";
pub(crate) const FIND_HINT: &str = "(0008,1030), StudyDescription or study desc";
pub(crate) const NONE_FOUND: &str = "PS3.6 knows no attribute like this.";
pub(crate) const ACTION: &str = "What happens to it";
pub(crate) const VALUE: &str = "Value";
pub(crate) const TABLE: &str = "One line for each value: before = after";
pub(crate) const PATTERN: &str = "What is taken out (a regular expression)";
pub(crate) const REPLACEMENT: &str = "What is put in its place";
pub(crate) const WHY: &str = "Why, for who reads the protocol";
pub(crate) const WHY_HINT: &str = "A sentence";
pub(crate) const PRIVATE: &str = "A private attribute";
pub(crate) const CREATOR: &str = "Private Creator";
pub(crate) const GROUP: &str = "Group";
pub(crate) const ELEMENT: &str = "Element, low byte";
pub(crate) const PUT: &str = "Add it";
pub(crate) const PUT_BACK: &str = "Take the change";
pub(crate) const CHANGE: &str = "Change";
pub(crate) const REMOVE: &str = "Remove";
pub(crate) const LEAVE: &str = "Leave it";

pub(crate) const REQUIRE: &str = "What a contribution must bring";
pub(crate) const ACCEPT: &str = "Modalities taken";
pub(crate) const ACCEPT_HINT: &str = "any; or CT, MR";
pub(crate) const EVERY_STUDY: &str = "Modalities in every study";
pub(crate) const NONE_HINT: &str = "none";
pub(crate) const BODY_PARTS: &str = "Body parts";
pub(crate) const BODY_HINT: &str = "any; or HEAD, CHEST";
pub(crate) const MIN_SLICES: &str = "Fewest slices of a series";
pub(crate) const MUST: &str = "Attributes that must have a value";
pub(crate) const OTHERWISE: &str = "Otherwise";
pub(crate) const WEIGHTS: [&str; 2] = ["Held", "Refused"];
pub(crate) const CHECKS: &str = "Checks that weigh more here";
pub(crate) const CHECK: &str = "Check";
pub(crate) const HELD: &str = "A person may release what is held";
pub(crate) const ADD: &str = "Add";

pub(crate) const EFFECT: &str = "What it does to the image";
pub(crate) const NO_IMAGE: &str = "Drop a study, and its images show at once what the variant changes. It is read on this computer, and nothing is sent.";
pub(crate) const NOTHING_CHANGED: &str = "Nothing is different for this image";
pub(crate) const WORKING: &str = "Trying it";
pub(crate) const FILTERS: [&str; 2] = ["Different", "All"];
pub(crate) const COLUMNS: [&str; 5] = [
    "Tag",
    "Attribute",
    "Before",
    "Under the project's protocol",
    "Under the variant",
];
pub(crate) const ACTIONS: &str = "What was done";
pub(crate) const PROJECT: &str = "Project";
pub(crate) const VARIANT: &str = "Variant";
pub(crate) const DIFFERENCE: &str = "Difference";
pub(crate) const VERDICT: &str = "Verdict";
pub(crate) const NEW_FINDING: &str = "Only under the variant:";
pub(crate) const OLD_FINDING: &str = "Not any more:";
pub(crate) const NOT_THERE: &str = "not spoken of";
pub(crate) const PREVIOUS: &str = "Previous image";
pub(crate) const NEXT: &str = "Next image";

pub(crate) const CTP: &str = "From the CTP script";
pub(crate) const CTP_ALL: &str = "Every rule was carried over.";
pub(crate) const CTP_REST: &str =
    "For what could not be carried over the profile decides, which takes out more.";
pub(crate) const CTP_COLUMNS: [&str; 3] = ["Line", "Rule", "Why, and what happens instead"];

/// That nothing of this is sent.
pub(crate) fn trial(title: &str, version: u32) -> String {
    format!(
        "Only a trial. What you send goes on under the project's protocol, “{title}”, version {version}: nothing that is changed here changes that. To have it used, save the file and give it to the project's data manager, who takes it over with the command “cordon project”."
    )
}

/// That this is what is obeyed.
pub(crate) fn obeyed(title: &str, version: u32) -> String {
    format!(
        "Everything that you send goes under “{title}”, version {version}. The server publishes it, this page obeys it, and the server checks the result again."
    )
}

/// How many attributes have another fate.
pub(crate) fn different(n: usize) -> String {
    match n {
        0 => NOTHING_CHANGED.to_owned(),
        1 => "1 attribute is treated differently".to_owned(),
        n => format!("{n} attributes are treated differently"),
    }
}

/// What was carried over from a script.
pub(crate) fn carried(carried: usize, not: usize, disabled: usize) -> String {
    let off = match disabled {
        0 => String::new(),
        n => format!("; {n} were switched off in the script"),
    };
    let rules = if carried == 1 { "rule is" } else { "rules are" };
    format!(
        "{carried} {rules} carried out by the protocol, {not} could not be carried over to the letter{off}."
    )
}

/// What an option means, for somebody who never read PS3.15.
pub(crate) const fn option(option: DeidOption) -> (&'static str, &'static str) {
    match option {
        DeidOption::Basic => ("Basic Profile", BASIC),
        DeidOption::CleanPixelData => (
            "Text burned into the picture is blacked out",
            "Clean Pixel Data Option",
        ),
        DeidOption::CleanRecognizableVisualFeatures => (
            "Faces are taken off",
            "Clean Recognizable Visual Features Option",
        ),
        DeidOption::CleanGraphics => (
            "Graphics and overlays stay without identifying text",
            "Clean Graphics Option",
        ),
        DeidOption::CleanStructuredContent => (
            "Structured reports stay without what identifies",
            "Clean Structured Content Option",
        ),
        DeidOption::CleanDescriptors => (
            "Descriptions and comments stay without what identifies",
            "Clean Descriptors Option",
        ),
        DeidOption::RetainFullDates => (
            "Dates and times stay as they are",
            "Retain Longitudinal Temporal Information Full Dates Option",
        ),
        DeidOption::RetainModifiedDates => (
            "Dates move by days that only the clinic knows; intervals stay exact",
            "Retain Longitudinal Temporal Information Modified Dates Option",
        ),
        DeidOption::RetainPatientCharacteristics => (
            "Age, sex, size, weight and the like stay",
            "Retain Patient Characteristics Option",
        ),
        DeidOption::RetainDeviceIdentity => (
            "The device's serial number and name stay",
            "Retain Device Identity Option",
        ),
        DeidOption::RetainUids => ("UIDs stay as they are", "Retain UIDs Option"),
        DeidOption::RetainSafePrivate => (
            "Private attributes that are known to be safe stay",
            "Retain Safe Private Option",
        ),
        DeidOption::RetainInstitutionIdentity => (
            "The institution's name and address stay",
            "Retain Institution Identity Option",
        ),
    }
}

/// An action that a protocol asks for an attribute.
pub(crate) const fn action(action: AttributeAction) -> &'static str {
    match action {
        AttributeAction::Keep => "Keep the value",
        AttributeAction::Remove => "Remove it",
        AttributeAction::Empty => "Empty it",
        AttributeAction::Constant => "Replace by one value",
        AttributeAction::Hash => "Replace by a code under the clinic's key",
        AttributeAction::Shift => "Move the date by the patient's days",
        AttributeAction::Map => "Look it up in a table",
        AttributeAction::CleanRegex => "Take out what a pattern finds",
    }
}

/// What a requirement leads to.
pub(crate) const fn weight(weight: Weight) -> &'static str {
    match weight {
        Weight::Held => WEIGHTS[0],
        Weight::Refused => WEIGHTS[1],
    }
}

/// A pseudonym that nobody has, in the form of the protocol.
pub(crate) fn example(protocol: &Protocol) -> String {
    let rest = match protocol.deid.pseudonym_form {
        PseudonymForm::Letters => "K7QF3XW9M2HT5PAZ8RND",
        PseudonymForm::Digits => "40718263559012847316",
    };
    format!("{}{rest}", protocol.deid.pseudonym_prefix)
}

/// A protocol in sentences.
pub(crate) fn sentences(protocol: &Protocol) -> Vec<String> {
    let has = |o| protocol.deid.options.contains(&o);
    let mut out = vec![
        "Names, numbers, addresses and everything else that points to a person are removed or replaced, after the Basic Profile of PS3.15. This cannot be switched off.".to_owned(),
    ];
    out.push(
        if has(DeidOption::RetainFullDates) {
            "Dates and times stay as they are."
        } else if has(DeidOption::RetainModifiedDates) {
            "Dates move by a number of days that only the clinic's key gives, the same for all images of a patient. Intervals stay exact."
        } else {
            "Dates and times are removed, or replaced where the object needs one."
        }
        .to_owned(),
    );
    if !has(DeidOption::RetainUids) {
        out.push("UIDs are replaced by new ones; images that belong together still do.".to_owned());
    }
    for option_ in DeidOption::ALL {
        let told = matches!(
            option_,
            DeidOption::Basic | DeidOption::RetainFullDates | DeidOption::RetainModifiedDates
        );
        if has(option_) && !told {
            out.push(format!("{}.", option(option_).0));
        }
    }
    let private = has(DeidOption::RetainSafePrivate);
    if !private {
        out.push("Private attributes of manufacturers are removed.".to_owned());
    }
    out.push(format!(
        "A patient's number and name become a pseudonym such as {}.",
        example(protocol)
    ));
    out.push(
        if protocol.approval.held_may_be_approved {
            "What a check holds back leaves only when a person has looked at it and releases it."
        } else {
            "What a check holds back stays here; nobody may release it."
        }
        .to_owned(),
    );
    out
}

/// What is required, in sentences.
pub(crate) fn required(protocol: &Protocol) -> Vec<String> {
    let require = &protocol.require;
    let mut out = Vec::new();
    if !protocol.accept.modalities.is_empty() {
        out.push(format!(
            "Only these modalities are taken: {}.",
            protocol.accept.modalities.join(", ")
        ));
    }
    if !require.modalities.is_empty() {
        out.push(format!(
            "Every study must bring {}.",
            require.modalities.join(", ")
        ));
    }
    if !require.body_parts.is_empty() {
        out.push(format!(
            "Body parts asked for: {}.",
            require.body_parts.join(", ")
        ));
    }
    if require.min_slices > 0 {
        out.push(format!(
            "A series of CT, MR or PT images has at least {} slices.",
            require.min_slices
        ));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn protocols_that_come_with_cordon_can_be_said_in_words() {
        for ready in cordon_protocol::READY {
            let protocol = ready.protocol().expect("a good one");
            let said = sentences(&protocol);
            assert!(
                said.len() >= 4 && said.iter().all(|s| s.ends_with('.')),
                "{said:?}"
            );
        }
        assert!(carried(1, 0, 0).starts_with("1 rule is"));
    }
}
