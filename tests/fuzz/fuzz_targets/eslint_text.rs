#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    for name in ["eslint.config.ts", ".eslintrc.json", ".eslintrc.yml", "package.json"] {
        if let Err(message) = graphwright_tests::hostile::eslint_text(name, text) {
            panic!("{name}: {message}");
        }
    }
});
