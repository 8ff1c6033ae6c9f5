//! From data to text: what people and machines are shown. Nothing here runs or prints anything.

pub mod annotation;
mod arrivals;
pub mod comparison;
mod conversation;
pub mod curl;
pub mod diff;
pub mod exchange;
pub mod explanation;
pub mod export;
pub mod github;
pub mod highlight;
mod ink;
pub mod json;
pub mod junit;
pub mod line;
pub mod lint;
pub mod live;
pub mod overview;
mod palette;
pub mod pending;
mod prints;
pub mod prose;
mod shell;
pub mod tap;
mod template;
pub mod trial;
pub mod verification;
pub mod verified;

pub use prose::Look;
