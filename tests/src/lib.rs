//! The conformance harness: for a schema and documents it generates code, compiles it, decodes
//! responses with it, encodes them again, and compares.
//!
//! [`Suite`] collects cases; [`Suite::run`] compiles all of them as one crate, since starting
//! a compiler costs more than most cases, and runs their responses through it.

pub mod additions;
mod answer;
pub mod cases;
pub mod clients;
pub mod compile_bench;
mod crate_of;
pub mod descriptions;
pub mod diff_parity;
mod documentation_tests;
mod evolve;
mod findings;
pub mod fmt_peer;
pub mod folders;
pub mod graphql_js;
pub mod hostile;
mod inputs;
mod invented;
pub mod json_peer;
pub mod lint_bench;
pub mod lint_peer;
pub mod macro_bench;
pub mod meanings;
pub mod merging;
pub mod migrate_peer;
pub mod nasty;
pub mod parity;
mod presence;
mod random;
mod sent;
pub mod sizes;
pub mod verdicts;

use anyhow::Result;
use apollo_compiler::Schema;
use apollo_compiler::validation::Valid;
use graphwright_codegen::config::{Config, Level};
use graphwright_codegen::diagnostic::{Code, Diagnostic, Diagnostics};
use graphwright_codegen::internal::load::Inputs;
use graphwright_codegen::internal::{Compiled, compile, ir};
use graphwright_codegen::source::Sources;
use serde_json::value::RawValue;
use std::fmt;
use std::path::Path;

pub use answer::{Future, answer};
pub use random::{Plan, Server};

/// A schema and a document that must generate.
pub struct Case {
    /// The name in failures.
    pub name: String,
    /// The generated code.
    pub compiled: Compiled,
    /// Settings that it was generated with.
    pub config: Config,
    /// The schema that it was generated for.
    pub schema: Valid<Schema>,
    /// Responses to it.
    pub responses: Vec<Sample>,
    /// Variables that its types must be able to say: index of the operation, and JSON.
    pub variables: Vec<(usize, serde_json::Value)>,
}

/// A response to an operation of a case.
pub struct Sample {
    /// Index of the operation among those of the case.
    pub operation: usize,
    /// The entry `data` of the response.
    pub data: Box<RawValue>,
    /// The expected encoding.
    pub want: Box<RawValue>,
    /// The required part of it, if the rest is optional: old code need not understand everything in a newer server's
    /// response.
    pub least: Option<Box<RawValue>>,
    /// The variables that it is the answer to.
    pub variables: serde_json::Map<String, serde_json::Value>,
    /// The command that reproduces it, for messages.
    pub replay: String,
}

/// The result of [`add_invented`].
pub struct Invented {
    /// The seed to go on with.
    pub next: u64,
    /// The number of added operations.
    pub added: usize,
    /// The number of invalid operations, which were dropped.
    pub dropped: usize,
}

/// Adds random operations, from schemas of 5 to 200 types, until there are enough.
///
/// # Errors
/// A schema does not load: that is a failure of the generator of schemas.
pub fn add_invented(suite: &mut Suite, seed: u64, operations: usize, plan: Plan) -> Result<Invented> {
    let mut config = Config::default();
    config.generate.output = Some("out".into());
    config.generate.same_response_shape = Level::Allow;
    let (mut added, mut dropped, mut next) = (0, 0, seed);
    while added < operations {
        let round = next;
        next += 1;
        let (sdl, documents) = invented_texts(round);
        let mut sources = graphwright_codegen::source::Sources::default();
        let id = sources.add("schema.graphql", sdl.as_str());
        let schema = graphwright_codegen::internal::schema::load(sources, &[id])?.0;
        for (at, document) in documents.iter().enumerate() {
            match generate(&config, &[("schema.graphql", &sdl)], &[("query.graphql", document)]) {
                Err(_) => dropped += 1,
                Ok(compiled) => {
                    let name = format!("invented {round}/{at}: {document}");
                    let source = sent::Source::single(document);
                    suite.check_sent(&name, &compiled.module, &source, schema.whole(), &sdl, &config);
                    let plan = Plan { seed: round * 1000 + at as u64, ..plan };
                    let regenerate = |sdl: &str| {
                        let new = generate(&config, &[("schema.graphql", sdl)], &[("query.graphql", document)]);
                        new.map(|compiled| compiled.module).map_err(|found| found.list)
                    };
                    let server = Server { schema: schema.whole(), regenerate: &regenerate };
                    clients::add_case(suite, &name, compiled.module, config.clone(), &server, plan);
                    added += 1;
                }
            }
        }
    }
    Ok(Invented { next, added, dropped })
}

/// Settings by which everything is an error that the specification forbids.
pub(crate) fn as_specified() -> graphwright_codegen::config::Config {
    let mut config = graphwright_codegen::config::Config::default();
    config.generate.unused_fragments = graphwright_codegen::config::Level::Error;
    config
}

/// Returns the schema and the documents of one seed of [`add_invented`], to look at.
pub fn invented_texts(seed: u64) -> (String, Vec<String>) {
    // Most schemas are small, where names meet most; every size comes.
    let types = if seed.is_multiple_of(4) { 5 + (seed / 4 % 196) as usize } else { 5 + (seed % 40) as usize };
    invented::invent(seed, types, 20)
}

/// A failure.
#[derive(Debug, Clone)]
pub struct Failure {
    /// The case.
    pub case: String,
    /// The description.
    pub message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.case, self.message.replace('\n', "\n    "))
    }
}

/// Numbers of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Totals {
    /// Cases that were looked at.
    pub cases: usize,
    /// Operations that were generated.
    pub operations: usize,
    /// Responses that were decoded and encoded.
    pub responses: usize,
    /// Documents that were refused as they should be.
    pub refused: usize,
    /// Names that meant the same in code that was generated for a changed schema.
    pub names: usize,
    /// Names that were gone from it.
    pub gone: usize,
    /// Changed schemas in which fields that were selected together have become too different for that.
    pub conflicting: usize,
    /// Conditional fragments that had to be there, and were.
    pub fragments: usize,
    /// Sent documents that were compared with their sources, and executed beside them.
    pub sent: usize,
    /// The number of documents that graphql-js validated; apollo-compiler validates if it is not available.
    pub validated: usize,
}

impl std::ops::AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.cases += other.cases;
        self.operations += other.operations;
        self.responses += other.responses;
        self.refused += other.refused;
        self.names += other.names;
        self.gone += other.gone;
        self.conflicting += other.conflicting;
        self.fragments += other.fragments;
        self.sent += other.sent;
        self.validated += other.validated;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cases, operations, responses, refused, names, gone, conflicting, fragments, sent, validated } = self;
        write!(
            f,
            "{cases} cases, {operations} operations, {responses} responses, {refused} refused as expected, \
             {fragments} conditional fragments there, {sent} sent documents compared and executed, {validated} of them validated by graphql-js"
        )?;
        if names + gone + conflicting > 0 {
            write!(
                f,
                ", {names} names kept by changes and {gone} gone, {conflicting} changes in conflict with documents"
            )?;
        }
        Ok(())
    }
}

/// Cases, and the failures so far.
#[derive(Default)]
pub struct Suite {
    /// Cases to compile and run.
    pub cases: Vec<Case>,
    /// The failures.
    pub failures: Vec<Failure>,
    /// Numbers.
    pub totals: Totals,
    /// Sent documents that another implementation has to validate.
    sent: graphql_js::Documents,
}

impl Suite {
    /// Notes a failure.
    pub fn fail(&mut self, case: &str, message: impl Into<String>) {
        self.failures.push(Failure { case: case.to_owned(), message: message.into() });
    }

    /// Compares the documents that a module sends with the files that its operations are from.
    ///
    /// `sdl` is the schema as its file has it, which may be introspection JSON.
    pub fn check_sent(
        &mut self,
        case: &str,
        module: &ir::Module,
        source: &sent::Source,
        schema: &Valid<Schema>,
        sdl: &str,
        config: &Config,
    ) {
        let conflicts = config.generate.same_response_shape == Level::Error;
        for document in &module.documents {
            for operation in &document.operations {
                let (name, text) = (operation.name.as_deref(), operation.document.as_str());
                let case = format!("{case}: {} of {}", name.unwrap_or("the operation"), document.source);
                if let Err(error) = source.check(schema, &document.source, name, text) {
                    self.fail(&case, format!("what is sent: {error:#}\n{text}"));
                }
                if graphql_js::is_installed() {
                    self.sent.add(&case, sdl, text, conflicts);
                } else if let Err(error) = sent::validate(schema, text, conflicts) {
                    self.fail(&case, format!("what is sent: {error:#}\n{text}"));
                }
                self.totals.sent += 1;
            }
        }
    }

    /// Compiles every case and runs its responses. `folder` keeps the crate between runs.
    ///
    /// # Errors
    /// The crate cannot be written, or cargo cannot be started.
    pub fn run(&mut self, folder: &Path) -> Result<()> {
        self.totals.cases += self.cases.len();
        for case in &self.cases {
            self.totals.responses += case.responses.len();
            self.totals.operations +=
                case.compiled.module.documents.iter().map(|document| document.operations.len()).sum::<usize>();
        }
        if self.sent.count() > 0 {
            self.failures.extend(self.sent.validate()?);
            self.totals.validated += self.sent.count();
        }
        if self.cases.is_empty() {
            return Ok(());
        }
        let (failures, fragments) = crate_of::compile_and_run(&self.cases, folder)?;
        self.failures.extend(failures);
        self.failures.extend(documentation_tests::found(folder)?);
        self.totals.fragments += fragments;
        Ok(())
    }
}

/// The same schema as a text that the scan does not understand: all of it is parsed at once, by the parser alone.
pub fn parsed_at_once(schema: &str) -> String {
    let is_json = schema.trim_start_matches('\u{feff}').trim_start().starts_with('{');
    let of_no_schema = if is_json { "" } else { "\nquery NotOfTheSchema { __typename }\n" };
    format!("{schema}{of_no_schema}")
}

/// Generates from texts that are in memory: a schema and documents, each with a name. It does so with
/// a schema whose definitions are parsed when they are asked for, and with one that was parsed at once, and the two must
/// agree.
///
/// # Errors
/// What the library finds wrong.
pub fn generate(config: &Config, schema: &[(&str, &str)], documents: &[(&str, &str)]) -> Result<Compiled, Diagnostics> {
    let inputs = |schema: &[(&str, String)]| {
        let mut inputs = Inputs::default();
        inputs.schema = schema.iter().map(|(name, text)| inputs.sources.add(*name, text.as_str())).collect();
        inputs.documents = documents.iter().map(|(name, text)| inputs.sources.add(*name, *text)).collect();
        inputs
    };
    let texts = |text: fn(&str) -> String| schema.iter().map(|(name, sdl)| (*name, text(sdl))).collect::<Vec<_>>();
    let compiled = compile(config, inputs(&texts(str::to_owned)));
    let whole = compile(config, inputs(&texts(parsed_at_once)));
    match (&compiled, &whole) {
        (Ok(compiled), Ok(whole)) if compiled.module == whole.module => {}
        (Err(_), Err(_)) => {}
        // Definitions that are not reached are not parsed, so their errors are not noticed.
        (Ok(_), Err(found)) if found.list.iter().all(|one| one.code.name() == "syntax") => return compiled,
        (ours, theirs) => {
            let of = |one: &Result<Compiled, Diagnostics>| match one {
                Ok(compiled) => format!("{:#?}", compiled.module),
                Err(found) => found.to_string(),
            };
            let message = format!("the schema by need differs\n{}\n-- parsed at once:\n{}", of(ours), of(theirs));
            return Err(Diagnostics::single(Sources::default(), Diagnostic::error(Code::new("by-need"), message)));
        }
    }
    compiled
}
