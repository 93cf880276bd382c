//! `graphwright introspect`: good servers, old servers, and responses without a schema.

use crate::support::{Act, Project, http, misbehaving};
use graphwright_fixtures::{PRISMATIC_SCHEMA, Server, Settings};
use insta::assert_snapshot;

/// Runs against a server with a file that must survive, and returns the output.
fn failing(acts: Vec<Act>) -> String {
    let url = misbehaving(acts);
    let project = Project::small();
    project.write("kept.graphql", "# the old schema\n");
    let ran = project.run(&["introspect", &url, "--out", "kept.graphql", "--timeout", "1"]);
    assert_eq!(project.read("kept.graphql"), "# the old schema\n");
    let left: Vec<_> =
        std::fs::read_dir(project.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left.len(), 4, "nothing else is left behind: {left:?}");
    // The number of attempts within the timeout varies.
    let said = ran.shown(&[(url.trim_start_matches("http://"), "SERVER")]);
    match said.split_once(" (the last of ") {
        Some((said, rest)) => {
            let reason = rest.split_once(')').map(|(_, reason)| reason).unwrap_or_default();
            format!("{said} (the last of several attempts){reason}")
        }
        None => said,
    }
}

#[test]
fn errors_instead_of_a_schema() {
    let body = r#"{"errors":[{"message":"introspection is disabled","extensions":{"code":"FORBIDDEN"}}]}"#;
    assert_snapshot!(failing(vec![http("200 OK", "application/json", body)]), @r"
    exit 3
    error: the server reported an error: introspection is disabled [FORBIDDEN]
    ");
}

#[test]
fn a_login_page() {
    let page = "<!doctype html><html><body>Sign in</body></html>";
    assert_snapshot!(failing(vec![http("200 OK", "text/html; charset=utf-8", page)]), @r"
    exit 3
    error: the response is an HTML page, not a GraphQL response; check the URL of the endpoint and the token
    ");
}

#[test]
fn unauthorized() {
    assert_snapshot!(failing(vec![http("401 Unauthorized", "text/plain", "Unauthorized")]), @r"
    exit 3
    error: the server answered 401 Unauthorized; the token is missing, wrong or expired
    ");
}

#[test]
fn a_body_that_breaks_off() {
    let act = Act::Send(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{\"data\":{\"__sch".into(),
    );
    assert_snapshot!(failing(vec![act]), @r"
    exit 3
    error: the response from SERVER broke off (the last of several attempts): end of file before message length reached
    ");
}

#[test]
fn json_that_breaks_off() {
    assert_snapshot!(failing(vec![http("200 OK", "application/json", "{\"data\":{\"__schema\":{\"types\":[{")]), @r"
    exit 3
    error: the response is incomplete JSON of 31 bytes
    ");
}

#[test]
fn no_answer() {
    assert_snapshot!(failing(vec![Act::Hang]), @r"
    exit 3
    error: no response within 1s
    ");
}

#[test]
fn something_else_than_a_schema() {
    assert_snapshot!(failing(vec![http("200 OK", "application/json", r#"{"data":{"hello":1}}"#)]), @r"
    exit 3
    error: not an introspection answer: there is no `__schema`
    ");
}

#[test]
fn nobody_listens() {
    let project = Project::small();
    let ran = project.run(&["introspect", "http://127.0.0.1:1/graphql"]);
    assert_snapshot!(ran.shown(&[]), @r"
    exit 3
    error: cannot connect to 127.0.0.1:1 (the last of 4 attempts): Connection refused (os error 111)
    ");
}

#[test]
fn a_redirect_is_not_followed() {
    let act = Act::Send("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n".into());
    assert_snapshot!(failing(vec![act]), @r"
    exit 3
    error: the server answered 302 Found; redirects are not followed, since they could carry tokens elsewhere
    ");
}

#[test]
fn arguments_that_make_no_sense() {
    let project = Project::small();
    assert_snapshot!(project.run(&["introspect", "not a url"]).shown(&[]), @r"
    exit 2
    error: `not a url` is not a URL: invalid uri character
    ");
    assert_snapshot!(project.run(&["introspect", "api.example.com/graphql"]).shown(&[]), @r"
    exit 2
    error: `api.example.com/graphql` is not a URL: it has no `https://`: invalid format
    ");
    assert_snapshot!(project.run(&["introspect", "http://x", "-H", "no colon"]).shown(&[]), @r"
    exit 2
    error: invalid header; expected `Name: value`
    ");
    assert_snapshot!(project.run(&["introspect", "http://x", "-H", "Authorization: Bearer $NOT_SET_ANYWHERE"]).shown(&[]), @r"
    exit 2
    error: the environment variable `NOT_SET_ANYWHERE` for header `Authorization` is not set
    ");
    assert_snapshot!(project.run(&["introspect"]).shown(&[]), @r"
    exit 2
    error: no endpoint; give a URL or set `url` under [extensions.graphwright.introspect] in graphql.config.toml
    ");
}

#[test]
fn the_local_server_tells_its_whole_schema() {
    let server = Server::start(Settings { open: true, ..Settings::default() }).unwrap();
    let project = Project::small();
    let url = format!("{}/api", server.url());
    let first = project.run(&["introspect", &url, "--out", "fetched.graphql"]);
    assert_eq!((first.code, first.stderr.trim()), (0, "wrote fetched.graphql"));
    let fetched = project.read("fetched.graphql");
    for piece in [
        "schema {\n  query: RootQuery",
        "scalar JSONString",
        "@deprecated(reason: \"Look at",
        "union",
        "sortBy: [CustomerOrder]",
    ] {
        let own = PRISMATIC_SCHEMA.contains(piece);
        assert_eq!(fetched.contains(piece), own || piece.starts_with("schema"), "{piece}");
    }
    let again = project.run(&["introspect", &url, "--out", "fetched.graphql"]);
    assert_eq!(again.stderr.trim(), "fetched.graphql is up to date");
    let check = project.run(&["fmt", "--check", "fetched.graphql"]);
    assert_eq!((check.code, check.stdout.as_str()), (0, ""), "what is fetched is in the one style");
    project.write("narrow/.editorconfig", "[*]\nmax_line_length = 60\nindent_style = tab\n");
    project.run(&["introspect", &url, "--out", "narrow/fetched.graphql"]);
    assert!(project.read("narrow/fetched.graphql").contains("\n\t\t"));
    assert_eq!(project.run(&["fmt", "--check", "narrow/fetched.graphql"]).code, 0);
    assert_eq!(project.run(&["fmt", "--check", "--width", "80", "narrow/fetched.graphql"]).code, 1);
    let sorted = project.run(&["introspect", &url, "--sort"]).stdout;
    assert_eq!(sorted, project.run(&["introspect", &url, "--sort"]).stdout);
    assert!(sorted.find("type Component ").unwrap() < sorted.find("type Customer ").unwrap());
    let json = project.run(&["introspect", &url, "--format", "json"]).stdout;
    project.write("fetched.json", &json);
    let from_json = project.run(&["generate", "--schema", "fetched.json", "--stdout"]);
    assert_eq!(from_json.code, 1, "the small project's operation does not fit this schema");
    assert!(
        from_json.stderr.contains("fetched.json") || from_json.stderr.contains("ops/me.graphql:2:3"),
        "{from_json:?}"
    );
}

/// A server of 2015 does not know newer fields, and is not asked for them.
#[test]
fn an_old_server_is_asked_for_what_it_knows() {
    let old = r#"{"data":{"schema":{"fields":[{"name":"types"}]},"type":{"fields":[{"name":"kind","args":[]}]},
        "field":{"fields":[{"name":"args","args":[]}]},"directive":{"fields":[]},"inputValue":{"fields":[]}}}"#;
    let schema = r#"{"data":{"__schema":{"queryType":{"name":"Q"},"types":[{"kind":"OBJECT","name":"Q","fields":[
        {"name":"a","args":[],"type":{"kind":"SCALAR","name":"Int"}}]}],"directives":[
        {"name":"odd","locations":["SOMEWHERE_NEW"],"args":[]}]}}}"#;
    let url = misbehaving(vec![http("200 OK", "application/json", old), http("200 OK", "application/json", schema)]);
    let ran = Project::small().run(&["introspect", &url]);
    assert_snapshot!(ran.stdout, @r"
    schema {
      query: Q
    }

    type Q {
      a: Int
    }
    ");
}
