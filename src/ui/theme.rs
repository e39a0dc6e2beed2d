//! What things look like: semantic roles, each a terminal style, read from TOML.
//! Knows nothing of what is drawn, nor where theme files lie.

mod parse;
#[cfg(test)]
mod tests;

use ratatui::style::{Modifier, Style};

/// Declares the roles once: the field, its name in theme files, and the
/// modifiers that tell it apart where there are no colours.
macro_rules! roles {
    ($($(#[$doc:meta])* $field:ident = $name:literal, $bare:expr;)+) => {
        /// The look of everything, by what it means. Views name roles, never colours.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct Theme {
            $($(#[$doc])* pub $field: Style,)+
        }

        impl Default for Theme {
            /// A look without any colour, in which every state still reads.
            fn default() -> Self {
                Self { $($field: Style::new().add_modifier($bare),)+ }
            }
        }

        impl Theme {
            /// Every role by the name it has in theme files.
            #[must_use]
            pub fn roles(&self) -> Vec<(&'static str, Style)> {
                vec![$(($name, self.$field),)+]
            }

            fn role_mut(&mut self, name: &str) -> Option<&mut Style> {
                match name {
                    $($name => Some(&mut self.$field),)+
                    _ => None,
                }
            }

            /// The same look without colours, for `NO_COLOR`: modifiers of the
            /// theme are kept, and those that a role needs to be told apart come in.
            #[must_use]
            pub fn monochrome(self) -> Self {
                let bare = Self::default();
                Self { $($field: without_colour(self.$field, bare.$field),)+ }
            }
        }
    };
}

const PLAIN: Modifier = Modifier::empty();
const STRIKE: Modifier = Modifier::CROSSED_OUT;

roles! {
    /// Under everything else.
    text = "text", PLAIN;
    /// What may be overlooked: places, units, hints.
    dim = "dim", Modifier::DIM;
    title = "title", Modifier::BOLD;
    /// Title of the pane that takes the keys.
    title_focus = "title_focus", Modifier::BOLD.union(Modifier::REVERSED);
    border = "border", Modifier::DIM;
    border_focus = "border_focus", Modifier::BOLD;
    /// The row under the cursor in the pane that takes the keys.
    selection = "selection", Modifier::REVERSED;
    /// The row under the cursor in any other pane.
    cursor = "cursor", Modifier::BOLD;
    marked = "marked", Modifier::BOLD;
    accent = "accent", Modifier::BOLD;
    /// Headings in lists and texts.
    heading = "heading", Modifier::BOLD.union(Modifier::UNDERLINED);
    /// A checked value: an ISO date, a sum with its currency.
    value = "value", Modifier::BOLD;
    /// The quote in its source.
    evidence = "evidence", Modifier::REVERSED;
    /// What a search found.
    found = "match", Modifier::UNDERLINED;
    accepted = "accepted", Modifier::BOLD;
    rejected = "rejected", Modifier::DIM.union(STRIKE);
    edited = "edited", Modifier::BOLD.union(Modifier::ITALIC);
    warning = "warning", Modifier::BOLD;
    error = "error", Modifier::BOLD.union(Modifier::UNDERLINED);
    unverified = "unverified", Modifier::ITALIC;
    progress = "progress", Modifier::BOLD;
    /// What the model is writing.
    live = "live", Modifier::ITALIC;
    key = "key", Modifier::BOLD;
    /// Words of a new version that are not in the source.
    added = "added", Modifier::UNDERLINED;
    /// Words of the source that the new version leaves out.
    removed = "removed", STRIKE;
}

fn without_colour(style: Style, bare: Style) -> Style {
    Style {
        fg: None,
        bg: None,
        underline_color: None,
        add_modifier: style.add_modifier | bare.add_modifier,
        sub_modifier: style.sub_modifier - bare.add_modifier,
    }
}

impl Theme {
    /// Reads a theme. `name` stands in the warnings (a file's path, or the name
    /// of a built-in theme); `load` gives the source of the theme that this one
    /// inherits from. A theme that names no parent inherits from "dark".
    ///
    /// Nothing fails: what cannot be understood is told as a sentence with its
    /// line, and the inherited style stays in force.
    #[must_use]
    pub fn parse(
        name: &str,
        source: &str,
        load: &dyn Fn(&str) -> Option<String>,
    ) -> (Self, Vec<String>) {
        parse::theme(name, source, load)
    }
}
