//! Everything that is tested from outside, in one binary, so that it is linked once.
//!
//! | Module | Claims |
//! | --- | --- |
//! | `lessons` | each lesson's server answers as recorded from FastAPI |
//! | `engine` | whatever a server does, its call gets a verdict and the run goes on |
//! | `fastapi` | what no lesson shows of FastAPI's semantics holds on the wire, too |
//! | `cli` | what a person types, sees and gets as an exit code |
//! | `tidy` | the tree keeps the shape that DESIGN and STYLE describe |

#![allow(clippy::unwrap_used, reason = "a test that cannot go on says so by panicking")]

mod cli;
mod engine;
mod fastapi;
mod lessons;
mod tidy;
