//! Servers that refuse a credential with 200 and an error code.

use super::{Classifier, Http, Verdict};
use crate::answer::Answer;

/// Codes of errors that say that the credential is missing, wrong or expired.
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

/// What HTTP says, and renewal of the credential where an error has one of these codes, whatever the status.
///
/// Queries are sent again with the new credential. A mutation is not, unless
/// [`checked_before_execution`](ErrorCodes::checked_before_execution) says that nothing can have run.
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

/// When a server looks at credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Checked {
    AnyTime,
    BeforeExecution,
}

impl ErrorCodes {
    /// `UNAUTHENTICATED` (Apollo Server and others), `invalid-jwt` (Hasura), `AUTH_NOT_AUTHENTICATED` (Hot Chocolate) and
    /// `AUTHENTICATION_ERROR` (Linear).
    pub fn unauthenticated() -> Self {
        Self { codes: UNAUTHENTICATED.map(str::to_owned).to_vec(), checked: Checked::AnyTime }
    }

    /// Adds a code.
    #[must_use]
    pub fn code(mut self, code: impl Into<String>) -> Self {
        self.codes.push(code.into());
        self
    }

    /// Says that the server looks at credentials before it executes anything: a mutation that is answered with such a code
    /// and without `data` is also sent again.
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
