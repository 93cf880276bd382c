//! Reads profiles of Prismatic's command line tool.

use super::{DEFAULT_URL, Login};
use crate::auth::Tokens;
use crate::error::Error;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The file: with `version`, several profiles; in the old format, a single profile.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    default_profile: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
    #[serde(flatten)]
    only: Profile,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Profile {
    #[serde(default)]
    access_token: Option<String>,
    #[serde(default)]
    refresh_token: Option<String>,
    #[serde(default)]
    tenant_id: Option<String>,
    #[serde(default)]
    prismatic_url: Option<String>,
}

/// Returns the profile that the variables name, or the default one.
pub(super) fn read(variable: &dyn Fn(&str) -> Option<String>) -> Result<Login, Error> {
    let path = path(variable).ok_or_else(|| Error::authentication("no tokens; set PRISM_REFRESH_TOKEN"))?;
    let shown = path.display();
    let text = std::fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let message =
                format!("no tokens; set PRISM_REFRESH_TOKEN, or log in with `prism login` ({shown} does not exist)");
            Error::authentication(message)
        }
        _ => Error::authentication(format!("cannot read {shown}: {error}")),
    })?;
    // Messages of the parser can show its input, which contains tokens, so only the position is reported.
    let file: File = serde_norway::from_str(&text).map_err(|error| {
        let place = error.location().map(|at| format!(":{}:{}", at.line(), at.column())).unwrap_or_default();
        Error::authentication(format!("{shown}{place} is not a configuration of Prismatic's tool"))
    })?;
    let wanted = variable("PRISM_PROFILE");
    let profile = choose(file, wanted.as_deref(), &path)?;
    let tokens = match (profile.access_token, profile.refresh_token) {
        (Some(access), Some(refresh)) => Tokens::access(access).with_refresh(refresh),
        (Some(access), None) => Tokens::access(access),
        (None, Some(refresh)) => Tokens::refresh(refresh),
        (None, None) => {
            return Err(Error::authentication(format!(
                "the profile in {shown} has no tokens; log in with `prism login`"
            )));
        }
    };
    let url = profile.prismatic_url.unwrap_or_else(|| DEFAULT_URL.to_owned());
    Ok(Login { url, tenant_id: profile.tenant_id, tokens })
}

fn choose(mut file: File, wanted: Option<&str>, path: &Path) -> Result<Profile, Error> {
    if file.profiles.is_empty() && wanted.is_none() {
        return Ok(file.only);
    }
    let name = wanted.or(file.default_profile.as_deref()).unwrap_or("default").to_owned();
    let known: Vec<String> = file.profiles.keys().cloned().collect();
    file.profiles.remove(&name).ok_or_else(|| {
        let known = if known.is_empty() { "no named profile".to_owned() } else { known.join(", ") };
        Error::authentication(format!("unknown profile `{name}` in {}; expected {known}", path.display()))
    })
}

/// Returns `PRISM_CONFIG_FILE`, or `prism/config.yml` in the configuration folder.
fn path(variable: &dyn Fn(&str) -> Option<String>) -> Option<PathBuf> {
    if let Some(path) = variable("PRISM_CONFIG_FILE") {
        return Some(path.into());
    }
    let folder = match variable("XDG_CONFIG_HOME") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(variable("HOME").or_else(|| variable("USERPROFILE"))?).join(".config"),
    };
    Some(folder.join("prism/config.yml"))
}
