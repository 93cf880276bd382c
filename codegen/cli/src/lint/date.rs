//! Days, for settings and deprecations that have a date.

/// Returns the current day as days since 1970, in UTC.
pub fn today() -> i64 {
    const DAY: u64 = 86_400;
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_secs() / DAY).unwrap_or_default()
}

/// Returns a day of the Gregorian calendar, as days since 1970 (Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms").
pub fn days(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Returns a day written as 2026-01-31, as days since 1970.
pub fn day(text: &str) -> Option<i64> {
    let mut parts = text.split('-').map(str::parse::<i64>);
    match (parts.next()?, parts.next()?, parts.next()?, parts.next()) {
        (Ok(year), Ok(month @ 1..=12), Ok(day @ 1..=31), None) => Some(days(year, month, day)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!((days(1970, 1, 1), days(2000, 3, 1), days(2026, 12, 31)), (0, 11_017, 20_818));
    }
}
