//! Crates that do the same with each tool, on GitHub's schema: so many modules with one operation each.

use anyhow::{Context, Result, bail};
use graphwright_codegen::config::Config;
use graphwright_codegen::source::Sources;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A way to have typed operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// Our macro.
    Macro,
    /// Our macro over code that was generated ahead.
    Prebuilt,
    /// graphql_client's derive.
    GraphqlClient,
    /// cynic's derives, with types by hand.
    Cynic,
    /// serde's derives, with types by hand: nothing is checked.
    Serde,
}

impl Tool {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Macro, Self::Prebuilt, Self::GraphqlClient, Self::Cynic, Self::Serde];

    /// Returns the display name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Macro => "macro",
            Self::Prebuilt => "prebuilt",
            Self::GraphqlClient => "graphql_client",
            Self::Cynic => "cynic",
            Self::Serde => "serde by hand",
        }
    }

    fn package(self) -> &'static str {
        match self {
            Self::Macro => "bench-macro",
            Self::Prebuilt => "bench-prebuilt",
            Self::GraphqlClient => "bench-graphql-client",
            Self::Cynic => "bench-cynic",
            Self::Serde => "bench-serde",
        }
    }
}

/// Fetches GitHub's schema, as its npm package has it, into a folder.
///
/// # Errors
/// npm is missing, or the network.
pub fn fetch_schema(folder: &Path) -> Result<PathBuf> {
    let schema = folder.join("package/schema.graphql");
    if schema.is_file() {
        return Ok(schema);
    }
    fs::create_dir_all(folder)?;
    let packed = Command::new("npm").args(["pack", "--silent", "@octokit/graphql-schema"]).current_dir(folder).output();
    let packed = packed.context("npm fetches GitHub's schema")?;
    let archive = String::from_utf8(packed.stdout)?;
    let archive = archive.lines().last().context("npm says which file it wrote")?;
    let status = Command::new("tar").args(["xzf", archive]).current_dir(folder).status()?;
    if !status.success() || !schema.is_file() {
        bail!("the package does not have a schema");
    }
    Ok(schema)
}

/// An operation, and the same by hand.
struct Template {
    document: &'static str,
    cynic: &'static str,
    serde: &'static str,
}

const TEMPLATES: [Template; 4] = [
    Template {
        document: "query Op($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    id nameWithOwner description stargazerCount
    pullRequests(first: 20) { totalCount nodes { id number title state createdAt } }
  }
}
",
        cynic: "#[derive(cynic::QueryVariables)] pub struct Variables { pub owner: String, pub name: String }
D #[cynic(graphql_type = \"Query\", variables = \"Variables\")] pub struct Op { #[arguments(owner: $owner, name: $name)] pub repository: Option<Repository> }
D pub struct Repository { pub id: cynic::Id, pub name_with_owner: String, pub description: Option<String>, pub stargazer_count: i32, #[arguments(first: 20)] pub pull_requests: PullRequestConnection }
D pub struct PullRequestConnection { pub total_count: i32, pub nodes: Option<Vec<Option<PullRequest>>> }
D pub struct PullRequest { pub id: cynic::Id, pub number: i32, pub title: String, pub state: PullRequestState, pub created_at: DateTime }
#[derive(cynic::Enum, Clone, Copy, Debug, PartialEq)] pub enum PullRequestState { Closed, Merged, Open }
#[derive(cynic::Scalar, Clone, Debug, PartialEq)] pub struct DateTime(pub String);
",
        serde: "D pub struct Data { pub repository: Option<Repository> }
D pub struct Repository { pub id: String, pub name_with_owner: String, pub description: Option<String>, pub stargazer_count: i32, pub pull_requests: PullRequests }
D pub struct PullRequests { pub total_count: i32, pub nodes: Option<Vec<Option<PullRequest>>> }
D pub struct PullRequest { pub id: String, pub number: i32, pub title: String, pub state: State, pub created_at: String }
#[derive(Clone, Copy, Debug, PartialEq, serde::Serialize, serde::Deserialize)] #[serde(rename_all = \"SCREAMING_SNAKE_CASE\")] pub enum State { Closed, Merged, Open }
",
    },
    Template {
        document: "query Op($login: String!) {
  user(login: $login) {
    id login name
    followers(first: 10) { nodes { id login } }
    repositories(first: 10) { nodes { id name isPrivate } }
  }
}
",
        cynic: "#[derive(cynic::QueryVariables)] pub struct Variables { pub login: String }
D #[cynic(graphql_type = \"Query\", variables = \"Variables\")] pub struct Op { #[arguments(login: $login)] pub user: Option<User> }
D pub struct User { pub id: cynic::Id, pub login: String, pub name: Option<String>, #[arguments(first: 10)] pub followers: FollowerConnection, #[arguments(first: 10)] pub repositories: RepositoryConnection }
D pub struct FollowerConnection { pub nodes: Option<Vec<Option<Follower>>> }
D #[cynic(graphql_type = \"User\")] pub struct Follower { pub id: cynic::Id, pub login: String }
D pub struct RepositoryConnection { pub nodes: Option<Vec<Option<Repository>>> }
D pub struct Repository { pub id: cynic::Id, pub name: String, pub is_private: bool }
",
        serde: "D pub struct Data { pub user: Option<User> }
D pub struct User { pub id: String, pub login: String, pub name: Option<String>, pub followers: Followers, pub repositories: Repositories }
D pub struct Followers { pub nodes: Option<Vec<Option<Follower>>> }
D pub struct Follower { pub id: String, pub login: String }
D pub struct Repositories { pub nodes: Option<Vec<Option<Repository>>> }
D pub struct Repository { pub id: String, pub name: String, pub is_private: bool }
",
    },
    Template {
        document: "query Op($owner: String!, $name: String!, $after: String) {
  repository(owner: $owner, name: $name) {
    issues(first: 20, after: $after) {
      pageInfo { hasNextPage endCursor }
      nodes { number title closed author { __typename login } comments(first: 5) { nodes { body } } }
    }
  }
}
",
        cynic: "#[derive(cynic::QueryVariables)] pub struct Variables { pub owner: String, pub name: String, pub after: Option<String> }
D #[cynic(graphql_type = \"Query\", variables = \"Variables\")] pub struct Op { #[arguments(owner: $owner, name: $name)] pub repository: Option<Repository> }
D #[cynic(variables = \"Variables\")] pub struct Repository { #[arguments(first: 20, after: $after)] pub issues: IssueConnection }
D pub struct IssueConnection { pub page_info: PageInfo, pub nodes: Option<Vec<Option<Issue>>> }
D pub struct PageInfo { pub has_next_page: bool, pub end_cursor: Option<String> }
D pub struct Issue { pub number: i32, pub title: String, pub closed: bool, pub author: Option<Actor>, #[arguments(first: 5)] pub comments: IssueCommentConnection }
D pub struct Actor { #[cynic(rename = \"__typename\")] pub typename: String, pub login: String }
D pub struct IssueCommentConnection { pub nodes: Option<Vec<Option<IssueComment>>> }
D pub struct IssueComment { pub body: String }
",
        serde: "D pub struct Data { pub repository: Option<Repository> }
D pub struct Repository { pub issues: Issues }
D pub struct Issues { pub page_info: PageInfo, pub nodes: Option<Vec<Option<Issue>>> }
D pub struct PageInfo { pub has_next_page: bool, pub end_cursor: Option<String> }
D pub struct Issue { pub number: i32, pub title: String, pub closed: bool, pub author: Option<Actor>, pub comments: Comments }
D pub struct Actor { #[serde(rename = \"__typename\")] pub typename: String, pub login: String }
D pub struct Comments { pub nodes: Option<Vec<Option<Comment>>> }
D pub struct Comment { pub body: String }
",
    },
    Template {
        document: "query Op($login: String!) {
  organization(login: $login) {
    id name
    teams(first: 10) { totalCount nodes { id slug members(first: 5) { nodes { login } } } }
  }
}
",
        cynic: "#[derive(cynic::QueryVariables)] pub struct Variables { pub login: String }
D #[cynic(graphql_type = \"Query\", variables = \"Variables\")] pub struct Op { #[arguments(login: $login)] pub organization: Option<Organization> }
D pub struct Organization { pub id: cynic::Id, pub name: Option<String>, #[arguments(first: 10)] pub teams: TeamConnection }
D pub struct TeamConnection { pub total_count: i32, pub nodes: Option<Vec<Option<Team>>> }
D pub struct Team { pub id: cynic::Id, pub slug: String, #[arguments(first: 5)] pub members: TeamMemberConnection }
D pub struct TeamMemberConnection { pub nodes: Option<Vec<Option<User>>> }
D pub struct User { pub login: String }
",
        serde: "D pub struct Data { pub organization: Option<Organization> }
D pub struct Organization { pub id: String, pub name: Option<String>, pub teams: Teams }
D pub struct Teams { pub total_count: i32, pub nodes: Option<Vec<Option<Team>>> }
D pub struct Team { pub id: String, pub slug: String, pub members: Members }
D pub struct Members { pub nodes: Option<Vec<Option<User>>> }
D pub struct User { pub login: String }
",
    },
];

/// Writes one crate below a folder, and gives its own.
///
/// # Errors
/// A file cannot be written.
pub fn write_crate(folder: &Path, schema: &Path, tool: Tool, modules: usize) -> Result<PathBuf> {
    let folder = folder.join(format!("{}-{modules}", tool.package()));
    fs::create_dir_all(folder.join("src"))?;
    fs::create_dir_all(folder.join("graphql"))?;
    if tool == Tool::Cynic {
        // It does not compile where a field is defined twice, as two are in GitHub's schema.
        let mut sources = Sources::default();
        let text = sources.add("schema.graphql", fs::read_to_string(schema)?);
        let (schema, _) = graphwright_codegen::internal::schema::load(sources, &[text])?;
        fs::write(folder.join("schema.graphql"), schema.whole().to_string())?;
    } else {
        fs::copy(schema, folder.join("schema.graphql"))?;
    }
    for number in 0..modules {
        fs::write(folder.join(format!("graphql/m{number}.graphql")), template(number).document)?;
    }
    let runtime = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../runtime").canonicalize()?;
    let ours = |feature: &str| {
        format!(
            "graphwright = {{ path = {runtime:?}, default-features = false, features = [{feature:?}] }}\nserde_json = \"1\"\n"
        )
    };
    let dependencies = match tool {
        Tool::Macro => ours("macros"),
        Tool::Prebuilt => ours("prebuilt"),
        Tool::GraphqlClient => {
            "graphql_client = \"0.16\"\nserde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n"
                .to_owned()
        }
        Tool::Cynic => "cynic = { version = \"3\", default-features = false }\nserde_json = \"1\"\n\n\
                        [build-dependencies]\ncynic-codegen = { version = \"3\", features = [\"rkyv\"] }\n"
            .to_owned(),
        Tool::Serde => "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n".to_owned(),
    };
    let package = tool.package();
    let manifest = format!(
        "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependencies}"
    );
    fs::write(folder.join("Cargo.toml"), manifest)?;
    let (mut code, mut uses) = (String::from("#![allow(warnings)]\n"), String::new());
    if tool == Tool::Cynic {
        fs::write(
            folder.join("build.rs"),
            "fn main() {\n    cynic_codegen::register_schema(\"github\").from_sdl_file(\"schema.graphql\").unwrap().as_default().unwrap();\n}\n",
        )?;
        code += "#[cynic::schema(\"github\")]\nmod schema {}\n";
    }
    if tool == Tool::Prebuilt {
        generate(&folder)?;
        code += "#[graphwright::operations(output = \"src/api\")]\nmod api {}\n";
    }
    for number in 0..modules {
        module(&mut code, tool, number);
        let data = match tool {
            Tool::Macro => format!("m{number}::op::Data"),
            Tool::Prebuilt => format!("api::m{number}::op::Data"),
            Tool::GraphqlClient => format!("m{number}::op::ResponseData"),
            Tool::Cynic => format!("m{number}::Op"),
            Tool::Serde => format!("m{number}::Data"),
        };
        let _ = writeln!(uses, "    println!(\"{{:?}}\", serde_json::from_str::<{data}>(&text));");
    }
    let _ = writeln!(code, "fn main() {{\n    let text = std::env::args().nth(1).unwrap_or_default();\n{uses}}}");
    fs::write(folder.join("src/main.rs"), code)?;
    Ok(folder)
}

fn template(number: usize) -> &'static Template {
    &TEMPLATES[number % TEMPLATES.len()]
}

fn module(code: &mut String, tool: Tool, number: usize) {
    let template = template(number);
    let _ = match tool {
        Tool::Macro => writeln!(
            code,
            "#[graphwright::operations(\"graphql/m{number}.graphql\", schema = \"schema.graphql\")]\nmod m{number} {{}}"
        ),
        Tool::Prebuilt => Ok(()),
        Tool::GraphqlClient => writeln!(
            code,
            "mod m{number} {{\n    use graphql_client::GraphQLQuery;\n    pub type DateTime = String;\n    \
             #[derive(GraphQLQuery)]\n    #[graphql(schema_path = \"schema.graphql\", query_path = \"graphql/m{number}.graphql\", \
             response_derives = \"Clone, Debug, PartialEq, Serialize\")]\n    pub struct Op;\n}}"
        ),
        Tool::Cynic => {
            let derive = "#[derive(cynic::QueryFragment, Clone, Debug, PartialEq)]";
            writeln!(code, "mod m{number} {{\n    use super::schema;\n{}}}", derived(template.cynic, derive))
        }
        Tool::Serde => {
            let derive = "#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)] #[serde(rename_all = \"camelCase\")]";
            writeln!(code, "mod m{number} {{\n{}}}", derived(template.serde, derive))
        }
    };
}

/// Lines that begin with `D` get the derives.
fn derived(lines: &str, derive: &str) -> String {
    lines
        .lines()
        .map(|line| match line.strip_prefix("D ") {
            Some(line) => format!("    {derive} {line}\n"),
            None => format!("    {line}\n"),
        })
        .collect()
}

/// Does the same as `graphwright generate`.
fn generate(folder: &Path) -> Result<()> {
    fs::write(
        folder.join("graphql.config.toml"),
        "schema = \"schema.graphql\"\ndocuments = \"graphql/*.graphql\"\n\n[extensions.graphwright.generate]\noutput = \"src/api\"\n",
    )?;
    let config: Config = graphwright_codegen::config::load(&folder.join("graphql.config.toml"), None)?;
    let inputs = graphwright_codegen::internal::load::read(&config)?;
    let compiled = graphwright_codegen::internal::compile(&config, inputs)?;
    let files = graphwright_codegen::internal::output::files(&compiled, &config)?;
    let changes = graphwright_codegen::internal::output::changes(&files, &config)?;
    Ok(graphwright_codegen::internal::output::apply(&files, &changes, &config)?)
}
