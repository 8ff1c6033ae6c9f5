//! What the colours of the reports mean. Nothing needs them to be understood.

use colored::{Color, Styles};

use super::ink::Ink;
use super::prose::Look;

/// Paints words, or leaves them plain.
#[derive(Clone, Copy)]
pub struct Palette {
    colour: bool,
}

impl Palette {
    /// The palette of a look.
    pub fn of(look: Look) -> Self {
        Self { colour: look.colour }
    }

    /// What is as it should be.
    pub fn good(self, text: &str) -> String {
        self.paint(Ink::default().colour(Color::Green), text)
    }

    /// What is not as it should be.
    pub fn bad(self, text: &str) -> String {
        self.paint(Ink::default().colour(Color::Red), text)
    }

    /// What deserves a second look.
    pub fn notice(self, text: &str) -> String {
        self.paint(Ink::default().colour(Color::Yellow), text)
    }

    /// Names and numbers.
    pub fn name(self, text: &str) -> String {
        self.paint(Ink::default().style(Styles::Bold), text)
    }

    /// What is beside the point.
    pub fn aside(self, text: &str) -> String {
        self.paint(Ink::default().style(Styles::Dimmed), text)
    }

    fn paint(self, ink: Ink, text: &str) -> String {
        if self.colour { ink.paint(text) } else { text.to_owned() }
    }
}
