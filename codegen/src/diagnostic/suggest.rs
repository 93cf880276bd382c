//! "Did you mean": the known names nearest to a misspelt one.

/// Returns the candidates within a third of the name's length in edits, nearest first, at most three.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let length = name.chars().count();
    let limit = (length / 3).clamp(1, 4);
    let wanted = folded(name);
    let mut rows = Rows::default();
    let mut near: Vec<(usize, &str)> = candidates
        .into_iter()
        // Each additional character takes an edit.
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= 4 * limit && *candidate != name)
        .filter_map(|candidate| {
            let other = folded(candidate);
            let is_near = other.len().abs_diff(wanted.len()) <= limit;
            let distance = is_near.then(|| rows.edits(&wanted, &other, limit)).flatten()?;
            Some((distance, candidate))
        })
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().map(|(_, candidate)| candidate).take(3).collect()
}

/// Returns the characters in lower case.
fn folded(name: &str) -> Vec<char> {
    if name.is_ascii() {
        name.bytes().map(|byte| char::from(byte.to_ascii_lowercase())).collect()
    } else {
        name.to_lowercase().chars().collect()
    }
}

/// Returns ``did you mean `a` or `b`?``, or `None` without similar names.
pub fn did_you_mean<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    question(&closest(name, candidates))
}

/// Returns ``did you mean `a` or `b`?`` for similar names; `None` without any.
pub fn question(near: &[&str]) -> Option<String> {
    let near: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    match near.as_slice() {
        [] => None,
        [one] => Some(format!("did you mean {one}?")),
        [init @ .., last] => Some(format!("did you mean {} or {last}?", init.join(", "))),
    }
}

/// Buffers shared by comparisons.
#[derive(Default)]
struct Rows {
    before: Vec<usize>,
    above: Vec<usize>,
    current: Vec<usize>,
}

impl Rows {
    /// Returns the optimal string alignment distance: insertions, deletions, substitutions, swaps of neighbours; `None`
    /// if it exceeds the limit.
    fn edits(&mut self, left: &[char], right: &[char], limit: usize) -> Option<usize> {
        let Self { before, above, current } = self;
        before.clear();
        above.clear();
        above.extend(0..=right.len());
        for (row, l) in left.iter().enumerate() {
            current.clear();
            current.push(row + 1);
            let mut least = row + 1;
            for (column, r) in right.iter().enumerate() {
                let substituted = above[column] + usize::from(l != r);
                let mut best = substituted.min(above[column + 1] + 1).min(current[column] + 1);
                let swapped = row > 0 && column > 0 && *l == right[column - 1] && left[row - 1] == *r;
                if swapped {
                    best = best.min(before[column - 1] + 1);
                }
                least = least.min(best);
                current.push(best);
            }
            // The result is at least the minimum of two rows.
            if least > limit && above.iter().all(|known| *known > limit) {
                return None;
            }
            std::mem::swap(before, above);
            std::mem::swap(above, current);
        }
        above.last().copied().filter(|distance| *distance <= limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered_nearest_first() {
        assert_eq!(closest("nmae", ["name", "game", "identifier"]), ["name"]);
        assert_eq!(did_you_mean("customer", ["customers", "customer"]).as_deref(), Some("did you mean `customers`?"));
        assert_eq!(did_you_mean("zzz", ["name"]), None);
    }
}
