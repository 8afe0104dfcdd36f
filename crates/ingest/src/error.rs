//! Errors of the server: those an operator sees, and those a client gets.
//!
//! [`ApiFailure`] is the one catalogue of refusals outside STOW; the failures of
//! single instances are in [`crate::failures`]. No sentence holds a value of a
//! file, a token or a query.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use cordon_protocol::wire::ApiError;

/// What an operator sees when the server cannot do its work.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The data folder or the page's folder cannot be read or written.
    #[error("the server's folder cannot be used: {0}")]
    Io(#[from] std::io::Error),
    /// The database failed.
    #[error("the server's database failed: {0}")]
    Database(#[from] sqlx::Error),
    /// The database could not be brought to this version.
    #[error("the server's database cannot be brought to this version: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The object store failed.
    #[error("the object store failed: {0}")]
    Objects(#[from] object_store::Error),
    /// Another server uses the data folder.
    #[error("another server already uses this data folder")]
    InUse,
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes, so no key can be made")]
    NoRandom,
    /// The receipt key is damaged.
    #[error("receipt.key in the data folder is damaged: it must be 32 bytes")]
    ReceiptKey,
    /// A name does not fit.
    #[error("a project's name is 1 to 64 of a-z, 0-9 and -")]
    ProjectName,
    /// There is no such project.
    #[error("there is no such project")]
    NoProject,
    /// The project is there already.
    #[error("there is a project of this name already")]
    ProjectExists,
    /// The protocol is not one this build can carry out.
    #[error(transparent)]
    Protocol(#[from] cordon_protocol::ProtocolError),
    /// A stored record cannot be read back.
    #[error("a record in the server's database is damaged")]
    Record,
    /// An origin in the configuration is not one.
    #[error("an origin is written scheme://host or scheme://host:port, without a path")]
    Origin,
}

macro_rules! api_failures {
    ($($(#[$doc:meta])* $name:ident = $status:ident, $code:literal, $sentence:literal;)*) => {
        /// Why the server said no to a whole request.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
        pub enum ApiFailure {
            $($(#[$doc])* #[doc = $sentence] #[error($sentence)] $name,)*
        }
        impl ApiFailure {
            /// Every one there is.
            pub const ALL: &[Self] = &[$(Self::$name,)*];
            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)* }
            }
            /// The stable code.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }
            /// The sentence.
            #[must_use]
            pub const fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

api_failures! {
    // Who asks
    NoToken = UNAUTHORIZED, "no-token", "this address needs an invitation: send it as a bearer token";
    BadToken = UNAUTHORIZED, "token-unknown", "this invitation is not known here";
    TokenExpired = UNAUTHORIZED, "token-expired", "this invitation has expired or was taken back; ask the project for a new one";
    OtherProject = FORBIDDEN, "other-project", "this invitation is for another project";
    NotAllowed = FORBIDDEN, "not-allowed", "this invitation does not allow that";
    // What is asked for
    NotFound = NOT_FOUND, "not-found", "there is nothing at this address";
    Method = METHOD_NOT_ALLOWED, "method-not-allowed", "this address does not offer that method";
    NotAcceptable = NOT_ACCEPTABLE, "not-acceptable", "none of the media types in the Accept header is offered here";
    BadQuery = BAD_REQUEST, "bad-query", "the query is not one of PS3.18 section 8.3.4";
    UnknownAttribute = BAD_REQUEST, "query-attribute", "one of the attributes in the query is not one that this server matches";
    BadUid = BAD_REQUEST, "bad-uid", "a UID in the address breaks the rules of PS3.5 section 9.1";
    BadFrame = BAD_REQUEST, "bad-frame", "frame numbers are whole numbers from 1, each once, separated by commas";
    NoFrame = NOT_FOUND, "no-frame", "the instance has no such frame, or its frames cannot be told apart";
    // What is sent
    NotMultipart = UNSUPPORTED_MEDIA_TYPE, "not-multipart", "STOW-RS takes multipart/related; type=\"application/dicom\" with a boundary";
    BadMultipart = BAD_REQUEST, "bad-multipart", "the request is not well-formed multipart";
    NoParts = BAD_REQUEST, "no-parts", "the request has no parts";
    TooManyParts = PAYLOAD_TOO_LARGE, "too-many-parts", "the request has more parts than the server takes at once";
    RequestTooLarge = PAYLOAD_TOO_LARGE, "request-too-large", "the request is larger than the server takes at once; send fewer instances at a time";
    TooSlow = REQUEST_TIMEOUT, "too-slow", "the request came too slowly or stopped coming";
    Busy = SERVICE_UNAVAILABLE, "busy", "the server has as many uploads as it can take; try again in a moment";
    BadContribution = BAD_REQUEST, "bad-contribution", "a contribution's identifier is 32 lower-case hexadecimal digits";
    // Closing a contribution
    BadJson = BAD_REQUEST, "bad-json", "the body is not the JSON that this address takes";
    NotApproved = BAD_REQUEST, "not-approved", "a person must approve the contribution, by name or role and with the time";
    BadReceipt = BAD_REQUEST, "bad-receipt", "the request holds something that does not belong in a receipt";
    NothingSent = BAD_REQUEST, "nothing-sent", "the contribution lists no instance";
    ProtocolChanged = CONFLICT, "protocol-changed", "the contribution was cleaned under a protocol that this project never published";
    OtherProtocol = CONFLICT, "other-protocol", "an instance that is listed was checked under another protocol and does not pass under this one; clean it again";
    Missing = CONFLICT, "instance-missing", "the server does not hold every instance listed, byte for byte; send what is missing";
    HeldUndecided = CONFLICT, "held-undecided", "an instance that a person must look at is listed without a decision to release it";
    HeldNotAllowed = CONFLICT, "held-not-allowed", "the project's protocol does not let a person release what is held";
    RoleNotAllowed = CONFLICT, "role-not-allowed", "the project's protocol asks for another role of the person who approves, or of the person who releases what is held";
    BadTable = BAD_REQUEST, "bad-table", "the clinical table is not what the record of its check says, or could run as a formula";
    Closed = CONFLICT, "contribution-closed", "this contribution is closed with other content";
    // The server
    Storage = INTERNAL_SERVER_ERROR, "storage", "the server failed; nothing was lost, try again";
}

impl ApiFailure {
    /// What a client reads.
    #[must_use]
    pub fn body(self) -> ApiError {
        ApiError {
            code: self.code().to_owned(),
            message: self.sentence().to_owned(),
        }
    }
}

impl IntoResponse for ApiFailure {
    fn into_response(self) -> Response {
        let mut response = json(self.status(), &self.body(), "application/json");
        let headers = response.headers_mut();
        if self.status() == StatusCode::UNAUTHORIZED {
            headers.insert(
                header::WWW_AUTHENTICATE,
                HeaderValue::from_static("Bearer realm=\"cordon\""),
            );
        }
        if self.status() == StatusCode::SERVICE_UNAVAILABLE {
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        // The rest of a refused body is not worth reading.
        if matches!(
            self,
            Self::RequestTooLarge | Self::TooSlow | Self::BadMultipart | Self::Busy
        ) {
            headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}

impl From<IngestError> for ApiFailure {
    fn from(error: IngestError) -> Self {
        // Every variant's sentence is free of values; SQL parameters are never part of one.
        tracing::error!(%error, "request failed");
        Self::Storage
    }
}

impl From<sqlx::Error> for ApiFailure {
    fn from(error: sqlx::Error) -> Self {
        IngestError::from(error).into()
    }
}

/// A JSON answer that no cache keeps.
pub(crate) fn json<T: serde::Serialize>(
    status: StatusCode,
    body: &T,
    media_type: &'static str,
) -> Response {
    match serde_json::to_vec(body) {
        Ok(bytes) => (
            status,
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(media_type)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            bytes,
        )
            .into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_own_code_and_says_something() {
        let mut seen = std::collections::BTreeSet::new();
        for failure in ApiFailure::ALL {
            assert!(seen.insert(failure.code()), "{} twice", failure.code());
            assert!(failure.sentence().len() > 20);
            assert!(failure.status().as_u16() >= 400);
        }
    }
}
