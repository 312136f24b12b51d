//! What is known of the terminal: colour and width.

use std::io::IsTerminal;

use anstream::{AutoStream, ColorChoice};
use kohort::diagnostic::render::Style;

use super::Color;

/// Columns where a terminal does not say.
const WIDTH: usize = 100;

/// Settles for the whole run whether to use colour.
pub fn set_color(color: Color) {
    match color {
        // `anstream` looks at the terminal, at NO_COLOR and at CLICOLOR_FORCE.
        Color::Auto => ColorChoice::Auto,
        Color::Always => ColorChoice::Always,
        Color::Never => ColorChoice::Never,
    }
    .write_global();
}

/// How diagnostics look on the standard output.
pub fn stdout_style() -> Style {
    style(AutoStream::choice(&std::io::stdout()), std::io::stdout().is_terminal())
}

/// How diagnostics look on the standard error.
pub fn stderr_style() -> Style {
    style(AutoStream::choice(&std::io::stderr()), std::io::stderr().is_terminal())
}

fn style(choice: ColorChoice, is_terminal: bool) -> Style {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let width = columns.filter(|_| is_terminal).unwrap_or(WIDTH);
    Style { color: choice != ColorChoice::Never, width }
}
