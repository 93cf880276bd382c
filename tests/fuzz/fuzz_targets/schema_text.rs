#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| graphwright_tests::hostile::schema_text(text));
