//! Classification of responses: what a response means for its request and for later ones, for retries, authentication
//! and the throttle.
//!
//! A client has one [`Classifier`]; the default is [`Http`]. There are classifiers for servers that report with status
//! 200 what others report with a status: [`ErrorCodes`], [`Shopify`] and [`GitHub`]. You can also write your own:
//!
//! ```
//! use graphwright_core::classify::{Classifier, Http, Verdict};
//! use graphwright_core::{Answer, Client};
//! use std::time::Duration;
//!
//! /// A server that responds with 500 and the code `LOCKED` when an account is in use.
//! #[derive(Debug)]
//! struct Accounts;
//!
//! impl Classifier for Accounts {
//!     fn classify(&self, answer: &Answer) -> Verdict {
//!         let locked = answer.errors().iter().any(|error| error.code() == Some("LOCKED"));
//!         match locked {
//!             true => Verdict { wait: Some(Duration::from_secs(2)), not_run: true, ..Verdict::default() },
//!             false => Http.classify(answer),
//!         }
//!     }
//! }
//!
//! # fn main() -> Result<(), graphwright_core::Error> {
//! let client = Client::builder("https://example.com/graphql").classifier(Accounts).build()?;
//! # let _ = client; Ok(())
//! # }
//! ```

mod codes;
mod github;
mod http;
mod shopify;

use crate::answer::Answer;
use crate::throttle::Pause;
use std::fmt;
use std::time::Duration;

pub use self::codes::ErrorCodes;
pub use self::github::GitHub;
pub use self::http::Http;
pub use self::shopify::Shopify;

/// The meaning of a response. The default is a final response, successful or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// The operation certainly did not run, so that even a mutation may be sent again. A body with an entry `data`
    /// proves the opposite, and takes precedence.
    pub not_run: bool,
    /// The credential was rejected: the client gets another one, and sends the request again if that is safe.
    pub renew: bool,
    /// The same request may succeed after at least this time. `None` for a final response.
    pub wait: Option<Duration>,
    /// The client pauses all requests.
    pub pause: Option<Pause>,
}

impl Verdict {
    /// Combines two verdicts: the findings of both, and the longer time.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            not_run: self.not_run || other.not_run,
            renew: self.renew || other.renew,
            wait: self.wait.max(other.wait),
            pause: match (self.pause, other.pause) {
                (Some(Pause::For(one)), Some(Pause::For(two))) => Some(Pause::For(one.max(two))),
                (Some(Pause::For(time)), _) | (_, Some(Pause::For(time))) => Some(Pause::For(time)),
                (one, two) => one.or(two),
            },
        }
    }
}

/// Classifies responses.
///
/// It is called for every response, in the task of the caller. Accessing errors or extensions parses the body without
/// its data.
pub trait Classifier: Send + Sync + fmt::Debug + 'static {
    /// Returns the meaning of a response.
    fn classify(&self, answer: &Answer) -> Verdict;

    /// Combines this classifier with another one; see [`Verdict::and`].
    fn and<C: Classifier>(self, other: C) -> And<Self, C>
    where
        Self: Sized,
    {
        And(self, other)
    }
}

/// Two combined classifiers; see [`Classifier::and`].
#[derive(Debug, Clone)]
pub struct And<A, B>(A, B);

impl<A: Classifier, B: Classifier> Classifier for And<A, B> {
    fn classify(&self, answer: &Answer) -> Verdict {
        self.0.classify(answer).and(self.1.classify(answer))
    }
}
