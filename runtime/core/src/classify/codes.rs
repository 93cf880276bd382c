//! Servers that reject a credential with status 200 and an error code.

use super::{Classifier, Http, Verdict};
use crate::answer::Answer;

/// The codes for a missing, invalid or expired credential.
const UNAUTHENTICATED: [&str; 4] = [
    // Apollo Server and many others.
    "UNAUTHENTICATED",
    // Hasura.
    "invalid-jwt",
    // Hot Chocolate.
    "AUTH_NOT_AUTHENTICATED",
    // Linear.
    "AUTHENTICATION_ERROR",
];

/// Classifies as [`Http`](super::Http), and renews the credential if an error has one of these codes, whatever the
/// status.
///
/// Queries are sent again with the new credential. A mutation is not, unless
/// [`checked_before_execution`](ErrorCodes::checked_before_execution) declares that nothing can have run.
///
/// # Examples
/// ```
/// # fn main() -> Result<(), graphwright_core::Error> {
/// use graphwright_core::{Client, classify::ErrorCodes};
///
/// let codes = ErrorCodes::unauthenticated().code("TOKEN_EXPIRED").checked_before_execution();
/// let client = Client::builder("https://example.com/graphql").classifier(codes).build()?;
/// # let _ = client; Ok(())
/// # }
/// ```
#[derive(Debug, Clone)]
pub struct ErrorCodes {
    codes: Vec<String>,
    checked: Checked,
}

/// The time at which a server checks credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Checked {
    AnyTime,
    BeforeExecution,
}

impl ErrorCodes {
    /// Creates a classifier for `UNAUTHENTICATED` (Apollo Server and others), `invalid-jwt` (Hasura),
    /// `AUTH_NOT_AUTHENTICATED` (Hot Chocolate) and `AUTHENTICATION_ERROR` (Linear).
    pub fn unauthenticated() -> Self {
        Self { codes: UNAUTHENTICATED.map(str::to_owned).to_vec(), checked: Checked::AnyTime }
    }

    /// Adds a code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.codes.push(code.into());
        self
    }

    /// Declares that the server checks credentials before it executes anything: a mutation whose response has such a
    /// code and no `data` is also sent again.
    #[must_use]
    pub fn checked_before_execution(mut self) -> Self {
        self.checked = Checked::BeforeExecution;
        self
    }

    fn refuses(&self, answer: &Answer) -> bool {
        let is_one = |code: &str| self.codes.iter().any(|one| one == code);
        answer.errors().iter().any(|error| error.code().is_some_and(is_one))
    }
}

impl Classifier for ErrorCodes {
    fn classify(&self, answer: &Answer) -> Verdict {
        let verdict = Http.classify(answer);
        if !self.refuses(answer) {
            return verdict;
        }
        let not_run = self.checked == Checked::BeforeExecution && !answer.has_data();
        Verdict { renew: true, not_run: verdict.not_run || not_run, ..verdict }
    }
}
