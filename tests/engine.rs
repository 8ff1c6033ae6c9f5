//! Whatever a server does, its call gets a verdict and the run goes on.
//!
//! The applications are made here, and the few servers that no application would be stand in
//! `engine/raw.rs`. The bounds of time are either never or always met: nothing depends on a clock.

mod calling;
mod conversing;
mod declaring;
mod failing;
mod interim;
mod judging;
mod lesson;
mod printing;
mod raw;
mod streaming;
mod varying;
