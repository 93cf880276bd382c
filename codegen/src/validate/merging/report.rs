//! What is said of fields that cannot be merged.

use super::super::Rules;
use super::{MOST_FIELDS, Merging};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The most conflicts that are reported for a field: enough to see what is wrong.
const MOST_REPORTED: usize = 8;

impl<'a> Merging<'a> {
    /// Reports that a field has another name or other arguments than earlier ones, which are given by what they call.
    pub(super) fn report_fields<'m>(
        &mut self,
        rules: &mut Rules<'a>,
        different: impl Iterator<Item = &'m Vec<usize>>,
        right: usize,
    ) {
        for lefts in different.take(MOST_REPORTED) {
            let Some(left) = self.cause(lefts, right) else { continue };
            let (one, other) = (self.selected(left).node(), self.selected(right).node());
            let key = other.response_name();
            let message = if one.name == other.name {
                format!("`{key}` is selected with different arguments")
            } else {
                format!("`{key}` cannot be both `{}` and `{}`", one.name, other.name)
            };
            self.report(rules, Code::OVERLAPPING_FIELDS_CAN_BE_MERGED, message, left, right);
        }
    }

    /// Reports that the type of a field has another shape than those of earlier ones, which are given by their shapes.
    pub(super) fn report_shapes<'m>(
        &mut self,
        rules: &mut Rules<'a>,
        different: impl Iterator<Item = &'m Vec<usize>>,
        right: usize,
    ) {
        for lefts in different.take(MOST_REPORTED) {
            let cause = self.cause(lefts, right).filter(|left| !self.differ(*left, right));
            let Some(left) = cause else { continue };
            let (one, other) = (self.selected(left), self.selected(right));
            if let (Some(left_ty), Some(right_ty)) = (one.ty(), other.ty()) {
                let key = other.node().response_name();
                let message = format!("`{key}` cannot be of both types `{left_ty}` and `{right_ty}`");
                self.report(rules, Code::SAME_RESPONSE_SHAPE, message, left, right);
            }
        }
    }

    /// The first of some fields whose clash with another one does not follow from a clash above them, which is reported.
    fn cause(&self, lefts: &[usize], right: usize) -> Option<usize> {
        lefts.iter().copied().take(MOST_REPORTED).find(|left| {
            let mut exclude = false;
            self.above(*left, right).into_iter().all(|(left, right)| {
                exclude |= self.exclude_each_other(left, right);
                let (one, other) = (self.selected(left), self.selected(right));
                let have_one_shape = one.shape.zip(other.shape).is_none_or(|(one, other)| one == other);
                have_one_shape && (exclude || one.call == other.call)
            })
        })
    }

    /// True if two fields differ that one object can have, all that is above them considered: that is reported.
    fn differ(&self, left: usize, right: usize) -> bool {
        let mut pairs = self.above(left, right);
        pairs.push((left, right));
        let exclude = pairs.iter().any(|(left, right)| self.exclude_each_other(*left, *right));
        !exclude && self.selected(left).call != self.selected(right).call
    }

    /// True if no object has both fields.
    fn exclude_each_other(&self, left: usize, right: usize) -> bool {
        match (self.selected(left).object, self.selected(right).object) {
            (Some(left), Some(right)) => left != right,
            _ => false,
        }
    }

    /// The pairs of fields that two fields are below, the outermost first: those that merge bring the two together.
    fn above(&self, left: usize, right: usize) -> Vec<(usize, usize)> {
        let mut pairs = Vec::new();
        let mut at = (left, right);
        while let (Some(left), Some(right)) = (self.members[at.0].below, self.members[at.1].below) {
            if left == right {
                break;
            }
            pairs.push((left, right));
            at = (left, right);
        }
        pairs.reverse();
        pairs
    }

    fn report(&mut self, rules: &mut Rules<'a>, rule: Code, message: String, left: usize, right: usize) {
        if !self.reported.insert((self.members[right].field, message.clone())) {
            return;
        }
        let place = |member: usize| rules.name(self.selected(member).node().response_name());
        let mut diagnostic = Diagnostic::error(rule, message).at(place(right), "").also(place(left), "the other one");
        for (left, right) in self.above(left, right) {
            let why = format!("these merge: both are `{}`", self.selected(left).node().response_name());
            diagnostic = diagnostic.also(place(left), why).also(place(right), "");
        }
        rules.found.push(if rule == Code::SAME_RESPONSE_SHAPE {
            diagnostic.help("give one of them an alias; `same_response_shape = \"warn\"` lets it pass")
        } else {
            diagnostic.help("give one of them an alias")
        });
    }
}

/// Reports that a definition has more combinations of fields than are looked at.
pub(super) fn too_many(rules: &mut Rules<'_>, place: Option<Span>) {
    let message =
        format!("fields overlap in too many ways to decide whether they can be merged: more than {MOST_FIELDS}");
    let help = "give fields of the same name in different types different aliases";
    rules.found.push(Diagnostic::error(Code::OVERLAPPING_FIELDS_CAN_BE_MERGED, message).at(place, "").help(help));
}
