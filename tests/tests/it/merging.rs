//! Whether fields can be merged, against the specification's algorithm as it is written.

use graphwright_tests::merging::compare;

#[test]
fn random_documents_are_judged_as_the_specification_does() {
    let (valid, invalid) = compare(0..2_000).unwrap();
    assert!(valid > 500 && invalid > 500, "{valid} valid, {invalid} invalid");
}
