//! Classification by status and headers.

use super::{Classifier, Verdict};
use crate::answer::Answer;
use crate::headers;
use crate::throttle::Pause;

/// Classifies by status and headers (RFC 9110, 15; RFC 6585, 4), as in the table of [`Retry`](crate::Retry).
#[derive(Debug, Clone, Copy, Default)]
pub struct Http;

impl Classifier for Http {
    fn classify(&self, answer: &Answer) -> Verdict {
        let status = answer.status().as_u16();
        let exhausted = headers::exhausted(answer.headers()).filter(|wait| !wait.is_zero());
        if answer.status().is_success() {
            return Verdict { pause: exhausted.map(Pause::For), ..Verdict::default() };
        }
        let asked = headers::retry_after(answer.headers());
        let pause = asked.filter(|wait| !wait.is_zero()).or(exhausted);
        let verdict = match status {
            401 => Verdict { renew: true, not_run: !answer.has_data(), ..Verdict::default() },
            429 => Verdict {
                not_run: !answer.has_data(),
                wait: Some(pause.unwrap_or_default()),
                pause: Some(pause.map_or(Pause::Unexplained, Pause::For)),
                ..Verdict::default()
            },
            // A cache or a proxy may send these while the server is still working: they never prove that nothing ran.
            502..=504 => {
                Verdict { wait: Some(pause.unwrap_or_default()), pause: pause.map(Pause::For), ..Verdict::default() }
            }
            // Secondary limits, as on GitHub.
            403 if asked.is_some() => {
                Verdict { wait: Some(pause.unwrap_or_default()), pause: pause.map(Pause::For), ..Verdict::default() }
            }
            _ => Verdict { pause: exhausted.map(Pause::For), ..Verdict::default() },
        };
        // Successful operations are not sent again.
        Verdict { wait: verdict.wait.filter(|_| !answer.is_complete()), ..verdict }
    }
}
