//! Environment variables: every flag has one, so that a CI job can set it without a command line.

use std::env;

use clap::builder::FalseyValueParser;
use clap::{Arg, ArgAction, Command};

/// What the names of all variables begin with.
pub const PREFIX: &str = "WORKBOOK_";

/// What a variable holds when it stands for a flag that is not given.
const FALSE: [&str; 7] = ["", "0", "f", "false", "n", "no", "off"];

/// Gives each flag of a command and of those below it its variable.
pub fn add(command: Command) -> Command {
    let name = command.get_name().to_owned();
    command.mut_args(|flag| with_variable(flag, &name)).mut_subcommands(add)
}

/// The variable of a flag: `--fail-fast` is `WORKBOOK_FAIL_FAST`. The parts that `show` shows have
/// its name in theirs, because `WORKBOOK_PYTHON` names an interpreter.
pub fn name(flag: &str, command: &str) -> String {
    let flag = flag.to_ascii_uppercase().replace('-', "_");
    match command {
        "show" => format!("{PREFIX}SHOW_{flag}"),
        _ => format!("{PREFIX}{flag}"),
    }
}

fn with_variable(flag: Arg, command: &str) -> Arg {
    let Some(variable) = flag.get_long().map(|long| name(long, command)) else { return flag };
    let switch = matches!(flag.get_action(), ArgAction::SetTrue);
    let flag = if switch { flag.value_parser(FalseyValueParser::new()) } else { flag };
    // An empty variable is an unset one: CI systems cannot always leave one out. clap would take a
    // switch that is off as given all the same, and refuse the flags that do not go with it.
    match env::var_os(&variable) {
        Some(value) if value.is_empty() => flag,
        Some(value) if switch && is_false(&value.to_string_lossy()) => flag,
        _ => flag.env(variable).hide_env_values(true),
    }
}

fn is_false(value: &str) -> bool {
    FALSE.contains(&value.to_ascii_lowercase().as_str())
}
