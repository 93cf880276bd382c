//! `cargo xtask fmt-peer DIR…`: compares the formatter with Prettier, text by text.

use anyhow::{Result, bail};
use graphwright_cli::formatter::Style;
use graphwright_fixtures::folder as fixtures;
use graphwright_tests::fmt_peer::{Compared, compare, disturbed, texts};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The minimum percentage of equal results.
const LEAST: f64 = 99.0;

/// Compares in several styles; succeeds only if nearly all results are equal, and the others have a reason.
pub fn run(folders: &[PathBuf], rounds: u64) -> Result<ExitCode> {
    let prettier = fixtures().join("../target/fmt-peer");
    std::fs::create_dir_all(&prettier)?;
    if !prettier.join("node_modules/prettier").is_dir() {
        let install = ["install", "--silent", "--no-save", "prettier@3"];
        if !Command::new("npm").args(install).current_dir(&prettier).status()?.success() {
            bail!("npm cannot install Prettier");
        }
    }
    let texts = texts(folders)?;
    let styles = [
        ("80 columns", Style::default()),
        ("100 columns", Style { width: Some(100), ..Style::default() }),
        ("60 columns, tabs of 4", Style { width: Some(60), uses_tabs: true, tab_width: 4, ..Style::default() }),
        ("120 columns, 4 spaces, no space in braces", {
            Style { width: Some(120), tab_width: 4, has_bracket_spacing: false, ..Style::default() }
        }),
    ];
    let mut is_good = settings(&prettier)?;
    for (name, style) in &styles {
        println!("{name}:");
        is_good &= print(&compare(&texts, style, &prettier)?);
    }
    for round in 0..rounds {
        println!("80 columns, comments and lines at random places, seed {round}:");
        is_good &= print(&compare(&disturbed(&texts, round), &Style::default(), &prettier)?);
    }
    Ok(if is_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A text whose layout depends on every setting.
const TEXT: &str = "{ field(one: \"aaaaaaaaaaaa\", two: \"bbbbbbbbbbbb\", three: { a: 1 }) { id } }";

/// Contents of `.editorconfig`.
const EDITORCONFIGS: [&str; 9] = [
    "",
    "root=true\n[*]\nmax_line_length = 40\n",
    "root=true\n[*.graphql]\nindent_style=tab\nindent_size=8\n",
    "[*]\nindent_size=tab\ntab_width=3\nmax_line_length=off\n",
    "root=true\n[app/*.{graphql,gql}]\nmax_line_length=40\nend_of_line=crlf\nindent_style=space\nindent_size=5\n",
    "[*]\ntab_width=6\n[*.graphql]\nindent_style=tab\nmax_line_length=unset\n",
    "[*]\nindent_style = tab\n\n[**/a.graphql]\nindent_size = 3\nmax_line_length = 66\n",
    "[{*.graphql,x}]\nmax_line_length=45\n[app/**]\nindent_size=unset\nindent_style=space\n",
    "[*]\nmax_line_length=40\nmax_line_length=off\nquote_type = single\n",
];

/// Contents of an `.editorconfig` nearer to the file.
const NEARER: [&str; 3] =
    ["", "[*]\nmax_line_length=60\n", "root=true\n[*.graphql]\nindent_size=3\nindent_style=space\n"];

/// Prettier's configurations.
const CONFIGURATIONS: [(&str, &str); 6] = [
    ("other.json", "{}"),
    (".prettierrc", "printWidth: 50\n"),
    ("app/.prettierrc.json", "{\"tabWidth\": 3, \"bracketSpacing\": false}"),
    (
        "package.json",
        "{\"prettier\": {\"useTabs\": true, \"overrides\": [
            {\"files\": \"app/**/*.graphql\", \"options\": {\"printWidth\": 40}},
            {\"files\": \"*.graphql\", \"excludeFiles\": \"b.graphql\", \"options\": {\"tabWidth\": 7}}]}}",
    ),
    (".prettierrc.toml", "printWidth = 45\nendOfLine = \"crlf\"\n"),
    (".prettierrc", ""),
];

/// Runs both commands in folders with all combinations of configurations; returns true if the results are equal.
fn settings(prettier: &Path) -> Result<bool> {
    let root = fixtures().join("..");
    let build = ["build", "--quiet", "-p", "graphwright-cli"];
    if !Command::new(env!("CARGO")).args(build).current_dir(&root).status()?.success() {
        bail!("graphwright does not compile");
    }
    let mut ours = Command::new(root.join("target/debug/graphwright").canonicalize()?);
    ours.args(["fmt", "--quiet"]);
    let mut theirs = Command::new("node");
    theirs.arg(prettier.join("node_modules/prettier/bin/prettier.cjs").canonicalize()?);
    theirs.args(["--log-level", "silent", "--write"]);
    let folder = prettier.join("settings");
    let (mut all, mut different) = (0, 0);
    for editorconfig in EDITORCONFIGS {
        for nearer in NEARER {
            for configuration in CONFIGURATIONS {
                let files = [(".editorconfig", editorconfig), ("app/.editorconfig", nearer), configuration];
                let [ours, theirs] = [written(&folder, &files, &mut ours)?, written(&folder, &files, &mut theirs)?];
                all += 1;
                if ours != theirs {
                    different += 1;
                    println!("  DIFFERENT {files:?}\n    there: {theirs:?}\n    here:  {ours:?}");
                }
            }
        }
    }
    println!("{all} combinations of configurations, {different} of them read differently");
    Ok(different == 0)
}

/// Returns the output of a command for two files in a folder, which is the root of a repository.
fn written(folder: &Path, files: &[(&str, &str)], command: &mut Command) -> Result<[String; 2]> {
    if folder.exists() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::create_dir_all(folder.join("app"))?;
    std::fs::create_dir_all(folder.join(".git"))?;
    for (name, text) in files {
        std::fs::write(folder.join(name), text)?;
    }
    let names = ["app/a.graphql", "app/b.graphql"];
    for name in names {
        std::fs::write(folder.join(name), TEXT)?;
    }
    // The arguments of the run before are the same.
    if command.get_current_dir().is_none() {
        command.args(names).current_dir(folder);
    }
    if !command.status()?.success() {
        bail!("{command:?} fails with {files:?}");
    }
    let [first, second] = names.map(|name| std::fs::read_to_string(folder.join(name)));
    Ok([first?, second?])
}

/// Prints the totals; returns true if they are acceptable.
fn print(compared: &Compared) -> bool {
    let explained: usize = compared.explained.values().map(Vec::len).sum();
    let all = compared.same + explained + compared.different.len();
    let percent = compared.same as f64 * 100.0 / all.max(1) as f64;
    println!("  {} of {all} texts the same ({percent:.2} %), {explained} different on purpose", compared.same);
    for (reason, names) in &compared.explained {
        println!("  {:>6}  {reason}, such as {}", names.len(), names[0]);
    }
    for (who, names) in &compared.refused {
        println!("  {:>6}  refused by {who}, such as {}", names.len(), names[0]);
    }
    println!("  {:>6}  results of Prettier that ours changes", compared.theirs_changed.len());
    println!("  {:>6}  other results of ours that Prettier changes", compared.ours_changed.len());
    let changed = compared.theirs_changed.iter().chain(&compared.ours_changed);
    changed.for_each(|name| println!("  CHANGED AGAIN {name}"));
    for difference in &compared.different {
        println!("  DIFFERENT {}", difference.name);
        let lines = difference.theirs.lines().zip(difference.ours.lines());
        if let Some((theirs, ours)) = lines.into_iter().find(|(theirs, ours)| theirs != ours) {
            println!("    there: {theirs}\n    here:  {ours}");
        }
    }
    let is_stable = compared.theirs_changed.is_empty() && compared.ours_changed.is_empty();
    percent >= LEAST && compared.different.is_empty() && is_stable
}
