//! The project's own cases, and whatever test data is at hand.

use graphwright_fixtures::folder;
use graphwright_tests::{Plan, Suite, cases, folders, verdicts};
use std::path::{Path, PathBuf};

/// Runs a suite and prints its totals; any failure fails the test.
fn run(mut suite: Suite, name: &str) {
    suite.run(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/corpus").join(name)).unwrap();
    let failures: Vec<String> = suite.failures.iter().map(ToString::to_string).collect();
    println!("{}, {} failures", suite.totals, failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn every_case_round_trips_or_is_refused() {
    let mut suite = Suite::default();
    let plan = Plan { responses: 30, evolutions: 8, seed: 0 };
    cases::add_cases(&mut suite, &folder().join("cases"), plan).unwrap();
    assert!(suite.cases.len() >= 110 && suite.totals.refused >= 24, "{}", suite.totals);
    run(suite, "tests");
}

fn shared(folder: &str) -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    std::env::var_os("GRAPHWRIGHT_SHARED").map_or(beside, PathBuf::from).join(folder)
}

/// Test data outside the project: `GRAPHWRIGHT_SHARED`, or the folder beside it. Without it, the project's own
/// cases are used.
#[test]
fn shared_conformance_cases_pass_where_they_are_at_hand() {
    let shared = shared("conformance");
    if shared.is_dir() {
        let mut suite = Suite::default();
        folders::add_conformance(&mut suite, &shared).unwrap();
        run(suite, "shared");
    }
}

/// The rules of validation one by one, against the cases of graphql-js.
#[test]
fn shared_verdicts_agree_where_they_are_at_hand() {
    let shared = shared("lint-cases");
    if shared.is_dir() {
        let mut suite = Suite::default();
        verdicts::add_verdicts(&mut suite, &shared).unwrap();
        assert!(suite.totals.cases > 300, "{}", suite.totals);
        run(suite, "verdicts");
    }
}
