//! Broken states: each has its sentence, its cause and its way on.

/// A broken state in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// What is wrong.
    pub(crate) title: &'static str,
    /// Why, usually.
    pub(crate) cause: &'static str,
    /// What to do.
    pub(crate) way: &'static str,
}

/// The words for a code; `None` for one that this list does not know, whose own sentence then
/// stands alone.
pub(crate) fn trouble(code: &str) -> Option<Trouble> {
    let (title, cause, way) = match code {
        "unknown-server" => (
            "The server does not answer.",
            "It is switched off, its address is wrong, or the network does not let this page through.",
            "Check the link of the invitation, then try again. If other pages work, ask the server's operator.",
        ),
        "no-token" => (
            "This page was opened without an invitation.",
            "The part of the link after the # is missing. Mail programs sometimes cut it off.",
            "Open the complete link of the invitation.",
        ),
        "token-expired" => (
            "The invitation is not valid any more.",
            "It has run out, or the project's owner took it back.",
            "Ask the project's owner for a new link. What was cleaned waits in this browser.",
        ),
        "protocol-changed" => (
            "The project's protocol has changed.",
            "The owner published a new version after this contribution began. What was cleaned under the old one cannot be sent under the new one.",
            "Discard what was cleaned, and drop the folder again to clean it under the new protocol.",
        ),
        "protocol-not-supported" => (
            "The project asks for something that this version cannot do.",
            "Its protocol names an option that this version of Cordon does not carry out. Sending without it would be a false statement.",
            "Tell the project's owner. Nothing can be sent until the protocol or the version changes.",
        ),
        "clock-wrong" => (
            "This computer's clock is wrong.",
            "It differs from the server's by more than a few minutes, so approval and receipt would carry the wrong time.",
            "Set the clock, or let IT set it, and load the page again.",
        ),
        "version" => (
            "Page and server have different versions.",
            "The server was updated while this tab was open.",
            "Load the page again. What was cleaned waits in this browser.",
        ),
        "offline" => (
            "This computer is offline.",
            "The browser reports no network.",
            "Reading and reviewing go on. Sending goes on by itself when the line is back.",
        ),
        "key-missing" => (
            "This browser lost the clinic's key.",
            "The browser's data were cleared, or this is another browser or computer than last time.",
            "Use the back-up file. A new key makes new pseudonyms: the same patients would look like different ones.",
        ),
        "key-unavailable" => (
            "The clinic's key cannot be kept here.",
            "The browser does not let this page store anything: a private window, or a rule of IT.",
            "Use a normal window, or ask IT to allow storage for this address. Without a key nothing can be cleaned.",
        ),
        "no-opfs" => (
            "Nothing survives when this tab closes.",
            "The browser offers no private file system: a private window, an old version, or a rule of IT.",
            "You can go on, with the tab open until everything has arrived. Large studies need a normal window.",
        ),
        "disk-full" => (
            "The disk is full.",
            "Cleaned images wait in the browser's file system, and it takes no more.",
            "Free some space or send what is ready; then go on. Nothing is lost.",
        ),
        "not-dicom" => (
            "Most of these files are not DICOM.",
            "Perhaps the wrong folder, an export without images, or files packed in another format.",
            "Look at the list under the tree. Files that are not DICOM are left where they are.",
        ),
        "table-dropped" => (
            "A clinical table was dropped beside the images.",
            "It is not sent as it is.",
            "Say what happens to each column; then it can be saved or taken along, under the same pseudonyms and dates.",
        ),
        "names-differ" => (
            "One Patient ID stands with more than one name.",
            "A corrected or a married name, a typing error, or two patients under one number.",
            "Look at the marked patients. If they are two people, exclude one: both would get the same pseudonym.",
        ),
        "id-differs" => (
            "One name and birth date stand with more than one Patient ID.",
            "The patient came through two registers, or two people share name and birthday.",
            "Look at the marked patients. Each Patient ID gets its own pseudonym.",
        ),
        "nothing-leaves" => (
            "Nothing leaves as things stand.",
            "Everything is refused, excluded, or held without a decision.",
            "Decide on what is held in Review, or add another folder.",
        ),
        "best-effort" => (
            "The browser may clear what waits here if the disk runs full.",
            "It did not promise to keep this page's data.",
            "Send soon after approving, and keep some disk space free.",
        ),
        _ => return None,
    };
    Some(Trouble { title, cause, way })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_broken_state_has_a_cause_and_a_way_on() {
        for code in [
            "unknown-server",
            "no-token",
            "token-expired",
            "protocol-changed",
            "protocol-not-supported",
            "clock-wrong",
            "version",
            "offline",
            "key-missing",
            "key-unavailable",
            "no-opfs",
            "disk-full",
            "not-dicom",
            "table-dropped",
            "names-differ",
            "id-differs",
            "nothing-leaves",
            "best-effort",
        ] {
            let t = trouble(code).unwrap_or_else(|| panic!("{code} has no words"));
            for part in [t.title, t.cause, t.way] {
                assert!(part.ends_with('.') && part.len() > 15, "{code}: {part}");
            }
        }
        assert_eq!(trouble("something-else"), None);
    }
}
