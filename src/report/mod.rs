//! From data to text: what people and machines are shown. Nothing here runs or prints anything.

pub mod comparison;
pub mod curl;
pub mod diff;
pub mod exchange;
pub mod export;
pub mod highlight;
mod ink;
pub mod json;
pub mod overview;
mod palette;
mod prints;
pub mod prose;
mod shell;
mod template;
pub mod verification;

pub use prose::Look;
