//! The program: read the command line, do it, end with its exit code.

use std::process::ExitCode;

use workbook::cli;
use workbook::commands;
use workbook::terminal::Terminal;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = cli::parse();
    let terminal = Terminal::detect(cli.color);
    let exit = match commands::dispatch(cli, terminal).await {
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
