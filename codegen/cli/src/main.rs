//! The `graphwright` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    graphwright_cli::main()
}
