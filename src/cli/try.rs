//! The arguments of `try`, and the lines that are typed at its prompt.

use clap::{Args, Parser};

/// Arguments of `try`.
#[derive(Args, Debug)]
pub struct Try {
    /// The lesson by number or name
    pub lesson: String,
    /// What is sent
    #[command(flatten)]
    pub request: Request,
    /// Ask the real FastAPI as well, and say how its reply differs
    #[arg(long)]
    pub reference: bool,
    /// Show all headers, whole bodies and the curl command
    #[arg(long, short)]
    pub verbose: bool,
}

/// A request as it is typed.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The request, such as 'GET /items/4.2'; without a method it is a GET, or a POST if something
    /// is sent along. Without a request there is a prompt, or on no terminal one request a line is
    /// read from stdin
    #[arg(value_name = "REQUEST")]
    pub words: Vec<String>,
    /// A header to send, such as 'accept: text/html'; may be given several times
    #[arg(long = "header", short = 'H', value_name = "NAME: VALUE")]
    pub headers: Vec<String>,
    /// A body to send, a form's unless a header says otherwise; @FILE sends a file without its line
    /// feeds, @- what comes from stdin; several are joined by `&`
    #[arg(long, short, value_name = "DATA")]
    pub data: Vec<String>,
    /// A JSON body to send, as it is written; @FILE sends a file
    #[arg(long, value_name = "JSON", conflicts_with = "data")]
    pub json: Option<String>,
    /// A part of a multipart form: a text, or a file after @, with ;type= and ;filename= if wanted
    #[arg(long, short = 'F', value_name = "NAME=VALUE", conflicts_with_all = ["data", "json"])]
    pub form: Vec<String>,
}

impl Request {
    /// Whether nothing at all is asked for.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Reads the words of a line; the error is one sentence.
    pub fn read(words: &[String]) -> Result<Self, String> {
        match Line::try_parse_from(words) {
            Ok(line) => Ok(line.request),
            Err(error) => {
                let text = error.render().to_string();
                let first = text.lines().next().unwrap_or_default();
                Err(first.trim_start_matches("error: ").to_owned())
            }
        }
    }
}

/// What can be typed at the prompt.
#[derive(Debug, Parser)]
#[command(no_binary_name = true, disable_help_flag = true)]
struct Line {
    #[command(flatten)]
    request: Request,
}

/// Shown below the help.
pub const EXAMPLES: &str = "\
Examples:
  workbook try 4 /items/4.2
  workbook try 14 'PUT /items/1' --json '{\"name\": \"Gizmo\", \"price\": 3}' --reference
  workbook try 16 /login -d username=me -d password=secret
  workbook try 23 /whoami -H 'user-agent: me' --verbose
  workbook try 14                         a prompt; what requests change stays until its end
  echo 'DELETE /items/1' | workbook try 14
Exit code 0 says that a reply came, whatever its status.";
