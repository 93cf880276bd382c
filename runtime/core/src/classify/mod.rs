//! What an answer means for the request and for those after it: decided in one place, for retries, authentication and
//! the throttle.
//!
//! A client has one [`Classifier`]; [`Http`] unless another is given. Ready ones for servers that say with 200 what
//! others say with a status: [`ErrorCodes`], [`Shopify`] and [`GitHub`]. Every rule can be changed by one's own:
//!
//! ```
//! use graphwright_core::classify::{Classifier, Http, Verdict};
//! use graphwright_core::{Answer, Client};
//! use std::time::Duration;
//!
//! /// A server that answers 500 with the code `LOCKED` when an account is in use.
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

/// What an answer means. The default is a final answer, good or bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdict {
    /// The operation certainly did not run: even a mutation may be sent again. A body with an entry `data` proves the
    /// opposite, and then this does not count.
    pub not_run: bool,
    /// The credential was refused: the client gets another one, and sends the request again if it may.
    pub renew: bool,
    /// The same request may succeed later, after this time at least. None for a final answer.
    pub wait: Option<Duration>,
    /// The client sends nothing for a while.
    pub pause: Option<Pause>,
}

impl Verdict {
    /// Joins two verdicts: what either says holds, and the longer time counts.
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

/// Says what an answer means.
///
/// It is called for every answer, in the task of the caller. Looking at errors or extensions parses the body without its
/// data.
pub trait Classifier: Send + Sync + fmt::Debug + 'static {
    /// Returns what the answer means.
    fn classify(&self, answer: &Answer) -> Verdict;

    /// Joins this classifier and another one; see [`Verdict::and`].
    fn and<C: Classifier>(self, other: C) -> And<Self, C>
    where
        Self: Sized,
    {
        And(self, other)
    }
}

/// Two classifiers, whose verdicts both count; see [`Classifier::and`].
#[derive(Debug, Clone)]
pub struct And<A, B>(A, B);

impl<A: Classifier, B: Classifier> Classifier for And<A, B> {
    fn classify(&self, answer: &Answer) -> Verdict {
        self.0.classify(answer).and(self.1.classify(answer))
    }
}
