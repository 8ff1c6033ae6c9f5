//! The program: read the command line, do it, end with its exit code.

use std::process::ExitCode;

use workbook::cli::{self, Colour};
use workbook::commands;
use workbook::terminal::Terminal;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let parsed = cli::parse();
    let colour = parsed.as_ref().map_or(Colour::Auto, |cli| cli.color);
    let terminal = Terminal::detect(colour);
    let ended = match parsed {
        Ok(cli) => commands::dispatch(cli, terminal).await,
        Err(answer) => commands::give(&answer, terminal),
    };
    let exit = match ended {
        Ok(exit) => exit,
        Err(failure) => {
            if failure.is_worth_telling() {
                terminal.note(&format!("error: {failure}"));
            }
            failure.exit()
        }
    };
    ExitCode::from(exit as u8)
}
